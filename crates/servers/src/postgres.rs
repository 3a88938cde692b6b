//! PostgreSQL.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output};

use crate::program::POSTGRES;
use crate::server::{Kind, Server};

/// A private PostgreSQL, whose user `tertulia` is a superuser.
pub type Postgres = Server<PostgresKind>;

/// How PostgreSQL is run.
pub struct PostgresKind {
    durable: bool,
}

impl Postgres {
    /// Starts one that survives a kill, but not a power cut, which makes it faster.
    pub fn start() -> Self {
        Self::of(PostgresKind { durable: false })
    }

    /// Starts one that syncs to disk at every commit, as in production. For benchmarks.
    pub fn start_durable() -> Self {
        Self::of(PostgresKind { durable: true })
    }
}

/// Everything else is left at its default.
const SETTINGS: &str = "
listen_addresses = '127.0.0.1'
# A path to a socket may only be so long, and nobody asks for one.
unix_socket_directories = ''
# Many tests run at once, each with a pool.
max_connections = 400
# In the folder, which goes when the server does.
dynamic_shared_memory_type = mmap
";

const QUICK: &str = "
fsync = off
full_page_writes = off
";

impl Kind for PostgresKind {
    const NAME: &'static str = "postgres";

    fn prepare(&self, folder: &Path) {
        if let Some(nobody) = instead_of_root() {
            chown(folder, Some(nobody.user), Some(nobody.group))
                .expect("root may give a folder away");
        }
        let data = folder.join("data");
        let mut initdb = as_user(Command::new(POSTGRES.folder().join("initdb")));
        initdb
            .args(["--username=tertulia", "--auth=trust", "--encoding=UTF8"])
            .args(["--locale=C.UTF-8", "--no-sync", "--pgdata"])
            .arg(&data)
            .current_dir(folder);
        succeed(initdb.output(), "initdb");
        let settings = if self.durable { "" } else { QUICK };
        fs::write(
            data.join("postgresql.auto.conf"),
            [SETTINGS, settings].concat(),
        )
        .expect("the folder can be written to");
    }

    fn command(&self, folder: &Path, port: u16) -> Command {
        let mut command = as_user(Command::new(POSTGRES.path()));
        command.arg("-D").arg(folder.join("data"));
        command.args(["-p", &port.to_string()]);
        command
    }

    fn ready(&self, folder: &Path, _port: u16, process: u32) -> bool {
        let lines = pid_file(folder);
        let line = |number: usize| lines.get(number).map_or("", |line| line.trim());
        line(0) == process.to_string() && line(7) == "ready"
    }

    fn sweep(&self, folder: &Path) {
        // "key id" of a small shared memory segment, which the system keeps until it is removed.
        if let Some((_, memory)) = pid_file(folder).get(6).and_then(|it| it.rsplit_once(' ')) {
            Command::new("ipcrm").args(["-m", memory]).output().ok();
        }
        fs::remove_file(folder.join("data/postmaster.pid")).ok();
    }

    fn url(&self, port: u16) -> String {
        format!("postgres://tertulia@127.0.0.1:{port}/postgres")
    }
}

/// The lines of its lock file, in which it publishes its status.
fn pid_file(folder: &Path) -> Vec<String> {
    let text = fs::read_to_string(folder.join("data/postmaster.pid")).unwrap_or_default();
    text.lines().map(str::to_owned).collect()
}

fn succeed(ran: std::io::Result<Output>, name: &str) {
    let output = ran.unwrap_or_else(|error| panic!("{name} could not be run: {error}"));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{name} failed:\n{said}");
}

/// PostgreSQL refuses to run as root.
fn as_user(mut command: Command) -> Command {
    if let Some(nobody) = instead_of_root() {
        command.uid(nobody.user).gid(nobody.group);
    }
    command
}

struct Account {
    user: u32,
    group: u32,
}

/// The account `nobody`, which exists everywhere and has no rights; used only when running as root.
fn instead_of_root() -> Option<Account> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let accounts = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let mut nobody = accounts
        .lines()
        .find(|line| line.starts_with("nobody:"))?
        .split(':')
        .skip(2)
        .map_while(|number| number.parse().ok());
    Some(Account {
        user: nobody.next()?,
        group: nobody.next()?,
    })
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::time::timeout;
    use tokio_postgres::{Client, Error, NoTls};

    use super::*;

    /// Long enough to be sure that there is no answer.
    const A_WHILE: Duration = Duration::from_millis(300);

    #[tokio::test]
    async fn what_was_committed_is_there_after_it_was_killed_and_restarted() {
        let mut server = Postgres::start();
        let client = connected(&server).await.unwrap();
        run(
            &client,
            "create table kept (id int); insert into kept values (7)",
        )
        .await
        .unwrap();
        let url = server.url();

        server.kill();
        assert!(run(&client, "select 1").await.is_err());
        assert!(connected(&server).await.is_err());

        server.restart();
        assert_eq!(server.url(), url);
        let client = connected(&server).await.unwrap();
        let kept: i32 = client
            .query_one("select id from kept", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(kept, 7);
    }

    #[tokio::test]
    async fn frozen_it_answers_nobody_and_thawed_it_goes_on() {
        let server = Postgres::start();
        let client = connected(&server).await.unwrap();
        run(&client, "select 1").await.unwrap();

        server.freeze();
        // The backend process of this connection is frozen too, and answers later.
        let waiting = run(&client, "select 1");
        tokio::pin!(waiting);
        assert!(timeout(A_WHILE, &mut waiting).await.is_err());
        assert!(timeout(A_WHILE, connected(&server)).await.is_err());

        server.thaw();
        waiting.await.unwrap();
        run(&connected(&server).await.unwrap(), "select 1")
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn it_is_killed_while_frozen_and_restarted_while_running() {
        let mut server = Postgres::start();
        let client = connected(&server).await.unwrap();
        server.freeze();
        server.kill();
        server.kill();
        assert!(run(&client, "select 1").await.is_err());

        server.restart();
        server.restart();
        run(&connected(&server).await.unwrap(), "select 1")
            .await
            .unwrap();
    }

    #[tokio::test]
    async fn only_the_durable_one_waits_for_the_disk() {
        let (quick, durable) = (Postgres::start(), Postgres::start_durable());
        assert_ne!(quick.url(), durable.url());
        for (server, expected) in [(quick, "off"), (durable, "on")] {
            let client = connected(&server).await.unwrap();
            let fsync: String = client.query_one("show fsync", &[]).await.unwrap().get(0);
            assert_eq!(fsync, expected);
        }
    }

    #[tokio::test]
    async fn its_user_makes_databases_of_any_language() {
        let server = Postgres::start();
        let client = connected(&server).await.unwrap();
        run(&client, "create database other").await.unwrap();
        let lower: String = client
            .query_one("select lower('ÄÑ')", &[])
            .await
            .unwrap()
            .get(0);
        assert_eq!(lower, "äñ");
    }

    async fn connected(server: &Postgres) -> Result<Client, Error> {
        let (client, connection) = tokio_postgres::connect(&server.url(), NoTls).await?;
        #[expect(
            clippy::disallowed_methods,
            reason = "ends with the client, within the test"
        )]
        tokio::spawn(connection);
        Ok(client)
    }

    async fn run(client: &Client, sql: &str) -> Result<(), Error> {
        client.batch_execute(sql).await
    }
}
