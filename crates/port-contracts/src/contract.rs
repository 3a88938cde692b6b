//! The macro that makes a suite of a file's functions.

/// Lists the obligations of a port and exports a macro of the port's name, which runs them.
///
/// The exported macro takes the name of an async function without arguments that opens the adapter.
/// Each obligation is handed a reference to what it opened.
macro_rules! contract {
    ($port:ident { $($obligation:ident),+ $(,)? }) => {
        contract!(@ ($) $port $($obligation)+);
    };
    (@ ($d:tt) $port:ident $($obligation:ident)+) => {
        /// The names of the obligations, for the check that none is missing.
        pub const OBLIGATIONS: &[&str] = &[$(stringify!($obligation)),+];

        /// Runs this port's obligations against what the given function opens.
        #[macro_export]
        macro_rules! $port {
            ($d open:ident) => {
                mod $port {
                    $(
                        #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
                        async fn $obligation() {
                            let opened = super::$d open().await;
                            ::port_contracts::$port::$obligation(&opened).await;
                        }
                    )+
                }
            };
        }
    };
}
