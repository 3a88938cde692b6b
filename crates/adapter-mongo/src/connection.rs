//! The driver's settings, whatever the address says.

use std::time::Duration;

use futures::FutureExt as _;
use mongodb::Client;
use mongodb::error::Error;
use mongodb::event::EventHandler;
use mongodb::event::command::CommandEvent;
use mongodb::options::{
    Acknowledgment, ClientOptions, ConnectionString, HostInfo, ReadConcern, ReadPreference,
    SelectionCriteria, WriteConcern,
};

/// Connections to each server, unless the address says otherwise (`maxPoolSize`).
const CONNECTIONS: u32 = 32;

/// How often the driver checks each server, unless the address says otherwise.
const HEARTBEAT: Duration = Duration::from_secs(2);

/// Parses an address without any network access, not even a DNS query.
pub(crate) fn address(url: &str) -> Result<ConnectionString, Error> {
    let mut address = ConnectionString::parse(url)?;
    forgo_socket_timeout(&mut address);
    if matches!(address.host_info, HostInfo::HostIdentifiers(_)) {
        // Without a name to look up this never waits: contradictory options are refused at startup, and
        // not at the first sign-in.
        let read = ClientOptions::parse(address.clone()).into_future();
        read.now_or_never().transpose()?;
    }
    Ok(address)
}

/// The driver does not support this timeout and refuses addresses that set it. Here every call has a
/// timeout of its own.
#[expect(deprecated, reason = "the driver names the option only to refuse it")]
const fn forgo_socket_timeout(address: &mut ConnectionString) {
    address.socket_timeout = None;
}

/// Creates a client, which connects in the background. A `mongodb+srv` name is looked up here.
pub(crate) async fn client(
    address: &ConnectionString,
    patience: Duration,
) -> Result<Client, Error> {
    let mut options = ClientOptions::parse(address.clone()).await?;
    insist(&mut options, patience);
    options.command_event_handler = Some(counted());
    Client::with_options(options)
}

/// A session that was reported as ended must stay ended: writes have to reach the disks of a majority,
/// and reads return only such data. And selecting a server must not take longer than a whole call may,
/// because the driver's default is half a minute.
fn insist(options: &mut ClientOptions, patience: Duration) {
    let written = WriteConcern::builder()
        .w(Acknowledgment::Majority)
        .journal(true)
        .w_timeout(patience)
        .build();
    options.write_concern = Some(written);
    options.read_concern = Some(ReadConcern::majority());
    let primary = ReadPreference::Primary;
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(primary));

    options.server_selection_timeout = Some(shorter(options.server_selection_timeout, patience));
    options.connect_timeout = Some(shorter(options.connect_timeout, patience));
    options.heartbeat_freq.get_or_insert(HEARTBEAT);
    options.max_pool_size.get_or_insert(CONNECTIONS);
    options
        .app_name
        .get_or_insert_with(|| "tertulia".to_owned());
}

/// Counts every command that is sent, just as the SQL adapters count their statements.
fn counted() -> EventHandler<CommandEvent> {
    let counter = metrics::counter!("tertulia_database_statements_total", "database" => "mongodb");
    EventHandler::callback(move |event| {
        if matches!(event, CommandEvent::Started(_)) {
            counter.increment(1);
        }
    })
}

/// To the driver, a zero timeout means none.
fn shorter(given: Option<Duration>, bound: Duration) -> Duration {
    given
        .filter(|given| !given.is_zero())
        .map_or(bound, |given| given.min(bound))
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn options(url: &str) -> ClientOptions {
        let address = address(url).unwrap();
        let mut options = ClientOptions::parse(address).await.unwrap();
        insist(&mut options, Duration::from_secs(2));
        options
    }

    #[tokio::test]
    async fn nothing_is_less_than_the_majorities() {
        let lax = "mongodb://localhost/?w=1&journal=false&readPreference=secondary\
                   &readConcernLevel=local&socketTimeoutMS=9";
        let options = options(lax).await;
        let written = options.write_concern.unwrap();
        assert_eq!(written.w, Some(Acknowledgment::Majority));
        assert_eq!(written.journal, Some(true));
        assert_eq!(options.read_concern, Some(ReadConcern::majority()));
        assert!(matches!(
            options.selection_criteria,
            Some(SelectionCriteria::ReadPreference(ReadPreference::Primary))
        ));
    }

    #[tokio::test]
    async fn an_address_may_only_shorten_the_waiting() {
        let bound = Duration::from_secs(2);
        for (url, expected) in [
            ("mongodb://localhost", bound),
            ("mongodb://localhost/?connectTimeoutMS=0", bound),
            ("mongodb://localhost/?connectTimeoutMS=9000", bound),
            (
                "mongodb://localhost/?connectTimeoutMS=900",
                Duration::from_millis(900),
            ),
        ] {
            assert_eq!(options(url).await.connect_timeout, Some(expected), "{url}");
        }
        let options = options("mongodb://localhost/?serverSelectionTimeoutMS=30000").await;
        assert_eq!(options.server_selection_timeout, Some(bound));
    }

    #[tokio::test]
    async fn what_an_address_says_of_connections_is_heard() {
        let url = "mongodb://localhost/?maxPoolSize=7&heartbeatFrequencyMS=700&appName=ours";
        let told = options(url).await;
        assert_eq!(told.max_pool_size, Some(7));
        assert_eq!(told.heartbeat_freq, Some(Duration::from_millis(700)));
        assert_eq!(told.app_name.as_deref(), Some("ours"));
        assert_eq!(
            options("mongodb://localhost").await.max_pool_size,
            Some(CONNECTIONS)
        );
    }
}
