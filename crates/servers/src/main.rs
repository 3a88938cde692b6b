//! Runs a command with servers of its own, or starts servers for development.
//!
//! ```text
//! servers run -- COMMAND ARGUMENTS…   starts one of each, runs the command, stops them
//! servers up                          starts one of each and keeps them until Ctrl-C
//! servers missing                     prints which programs have to be installed first
//! ```
//!
//! The command finds them by `TEST_POSTGRES_URL`, `TEST_MONGODB_URL`, `TEST_REDIS_URL` and
//! `TEST_RABBITMQ_URL`. If one of these is already set, it is left as it is and no such server is started.

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::os::unix::process::ExitStatusExt as _;
use std::panic::resume_unwind;
use std::process::{Command, ExitCode, ExitStatus};
use std::thread;

use servers::{MONGODB, Mongo, POSTGRES, Postgres, RABBITMQ, REDIS, Rabbit, Redis, shared};

fn main() -> io::Result<ExitCode> {
    let mut arguments = std::env::args_os().skip(1);
    let command = arguments.next().unwrap_or_default();
    let mut rest: Vec<OsString> = arguments.collect();
    match (command.to_str(), rest.is_empty()) {
        (Some("run"), false) => {
            if rest.first().is_some_and(|it| it == "--") {
                rest.remove(0);
            }
            run(&rest)
        }
        (Some("up"), true) => up(),
        (Some("missing"), true) => missing(),
        _ => {
            writeln!(
                io::stderr(),
                "servers run -- COMMAND… | servers up | servers missing"
            )?;
            Ok(ExitCode::from(2))
        }
    }
}

/// One server of each kind, except those whose variable is already set.
struct Shared {
    postgres: Option<Postgres>,
    mongo: Option<Mongo>,
    redis: Option<Redis>,
    rabbit: Option<Rabbit>,
}

impl Shared {
    /// Starts them in parallel, since each takes a while.
    fn start() -> Self {
        thread::scope(|scope| {
            let postgres = scope.spawn(|| unless(POSTGRES, Postgres::start));
            let mongo = scope.spawn(|| unless(MONGODB, Mongo::start));
            let redis = scope.spawn(|| unless(REDIS, Redis::start));
            let rabbit = scope.spawn(|| unless(RABBITMQ, Rabbit::start));
            Self {
                postgres: postgres.join().unwrap_or_else(|why| resume_unwind(why)),
                mongo: mongo.join().unwrap_or_else(|why| resume_unwind(why)),
                redis: redis.join().unwrap_or_else(|why| resume_unwind(why)),
                rabbit: rabbit.join().unwrap_or_else(|why| resume_unwind(why)),
            }
        })
    }

    /// The variables to set for the started servers.
    fn variables(&self) -> Vec<(&'static str, String)> {
        let postgres = self.postgres.iter().map(|it| (POSTGRES, it.url()));
        let mongo = self.mongo.iter().map(|it| (MONGODB, it.url()));
        let redis = self.redis.iter().map(|it| (REDIS, it.url()));
        let rabbit = self.rabbit.iter().map(|it| (RABBITMQ, it.url()));
        postgres.chain(mongo).chain(redis).chain(rabbit).collect()
    }
}

fn unless<S>(variable: &str, start: impl FnOnce() -> S) -> Option<S> {
    shared(variable).is_none().then(start)
}

fn run(command: &[OsString]) -> io::Result<ExitCode> {
    let (program, arguments) = command
        .split_first()
        .ok_or_else(|| io::Error::other("there is no command to run"))?;
    let servers = Shared::start();
    let status = Command::new(program)
        .args(arguments)
        .envs(servers.variables())
        .status()?;
    Ok(exit_code(status))
}

/// The exit code as a shell reports it: 128 plus the signal, if a signal ended the command.
fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal));
    ExitCode::from(code.and_then(|code| u8::try_from(code).ok()).unwrap_or(1))
}

fn up() -> io::Result<ExitCode> {
    let servers = Shared::start();
    let mut out = io::stdout();
    for (variable, url) in servers.variables() {
        writeln!(out, "export {variable}='{url}'")?;
    }
    writeln!(out, "# Until Ctrl-C.")?;
    out.flush()?;
    for_ever()
}

/// Ctrl-C ends this process, and the guardians then end the servers.
fn for_ever() -> ! {
    loop {
        thread::park();
    }
}

fn missing() -> io::Result<ExitCode> {
    let missing = servers::missing();
    for program in &missing {
        writeln!(io::stdout(), "{program}")?;
    }
    Ok(ExitCode::from(u8::from(!missing.is_empty())))
}
