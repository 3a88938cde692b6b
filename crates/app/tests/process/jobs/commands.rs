//! Managing dead letters, and processing jobs apart from the server.

use std::path::Path;
use std::process::Output;

use crate::server::{Server, said, tertulia};

fn ask(data: &Path, arguments: &[&str]) -> Output {
    tertulia(data).args(arguments).output().unwrap()
}

#[tokio::test]
async fn there_are_no_dead_letters_at_first_and_none_by_a_wrong_name() {
    let folder = tempfile::tempdir().unwrap();
    let none = ask(folder.path(), &["jobs", "list"]);
    assert!(none.status.success(), "{}", said(&none));
    assert!(said(&none).contains("there are no dead letters"));

    let all = ask(folder.path(), &["jobs", "retry", "--all"]);
    assert!(all.status.success(), "{}", said(&all));
    let unknown = "0198c5de-0000-7000-8000-000000000000";
    for command in ["retry", "discard"] {
        let asked = ask(folder.path(), &["jobs", command, unknown]);
        assert!(!asked.status.success());
        let said = said(&asked);
        assert!(
            said.contains("no queue has a dead letter of that id"),
            "{said}"
        );
    }
    let neither = ask(folder.path(), &["jobs", "discard"]);
    assert!(!neither.status.success());
}

#[tokio::test]
async fn a_database_with_one_writer_has_no_worker_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let mut apart = tertulia(folder.path());
    let apart = apart.env("TERTULIA_JOBS__IN_SERVER", "false");
    let refused = apart.output().unwrap();
    assert!(!refused.status.success());
    let told = said(&refused);
    assert!(told.contains("DATABASE_URL"), "{told}");

    let server = Server::start(folder.path());
    for arguments in [&["jobs", "list"][..], &["worker"]] {
        let beside = ask(folder.path(), arguments);
        assert!(!beside.status.success(), "{}", said(&beside));
    }
    assert!(server.stop().0);
}
