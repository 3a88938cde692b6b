//! The harness of the acceptance tests: worlds, and users who act in them.
//!
//! A [`World`] is a complete server on one set of adapters, started in this process on a free port, or three
//! nodes that act as one. The [`scenarios!`] macro runs each scenario in every world. A [`Person`] is a
//! signed-in user, who uses the server as a client would, over HTTP or a [`Socket`]; a [`Client`] need not be
//! signed in, and may send invalid requests. Connections through a [`Bridge`] can be cut. A [`Replica`] is
//! the state that a client builds from what it receives.
//!
//! What may not live here: knowledge of the server's internals. Tests only assert what is visible from
//! outside.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs,
    reason = "assertions are the product, and names its documents"
)]

mod backends;
mod bridge;
mod browser;
mod client;
mod described;
mod dice;
mod node;
mod person;
mod realtime;
mod receiver;
mod world;

pub use backends::Backends;
pub use bridge::Bridge;
pub use browser::{Browser, Pushed};
pub use client::{Answer, Client};
pub use dice::Dice;
pub use person::{PASSWORD, Person};
pub use realtime::{Heard, Replica, Reply, SOON, Socket, until, within};
pub use receiver::{Call, Receiver};
pub use world::World;

/// Runs scenarios in every world, optionally with some settings overridden.
///
/// Each is an async function that takes the world. Those that restart the server are `kept`: they run where it keeps
/// something. Those that ask for the next thing before other nodes have heard of the last one are `alone`.
#[macro_export]
macro_rules! scenarios {
    (kept; $($scenario:ident),+ $(,)?) => {
        $crate::in_world![embedded with &[]; $($scenario),+];
        $crate::in_world![production with &[]; $($scenario),+];
        $crate::in_world![cluster with &[]; $($scenario),+];
    };
    (alone; $($scenario:ident),+ $(,)?) => {
        $crate::in_world![memory with &[]; $($scenario),+];
        $crate::in_world![embedded with &[]; $($scenario),+];
        $crate::in_world![production with &[]; $($scenario),+];
    };
    (with $settings:expr; $($scenario:ident),+ $(,)?) => {
        $crate::in_world![memory with $settings; $($scenario),+];
        $crate::in_world![embedded with $settings; $($scenario),+];
        $crate::in_world![production with $settings; $($scenario),+];
        $crate::in_world![cluster with $settings; $($scenario),+];
    };
    ($($scenario:ident),+ $(,)?) => {
        $crate::scenarios![with &[]; $($scenario),+];
    };
}

/// Runs scenarios in one world.
#[macro_export]
#[doc(hidden)]
macro_rules! in_world {
    ($world:ident with $settings:expr; $($scenario:ident),+) => {
        mod $world {
            $(
                #[test]
                fn $scenario() {
                    $crate::World::$world().with_all($settings).run(super::$scenario);
                }
            )+
        }
    };
}
