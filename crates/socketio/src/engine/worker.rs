//! What belongs to one worker of the server.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use engineioxide_core::Sid;

use super::home::Home;
use super::shared::Shared;
use crate::socket::Doors;

/// What belongs to one worker of the server, which is one thread: its namespaces, and the sessions at
/// home here.
pub(crate) struct Worker {
    pub(crate) shared: Arc<Shared>,
    pub(crate) doors: Doors,
    pub(super) homes: RefCell<HashMap<Sid, Rc<Home>>>,
}

impl Worker {
    pub(crate) fn new(shared: &Arc<Shared>, doors: Doors) -> Rc<Self> {
        Rc::new(Self {
            shared: Arc::clone(shared),
            doors,
            homes: RefCell::default(),
        })
    }

    /// A session's home, if it is here.
    pub(crate) fn home(&self, sid: Sid) -> Option<Rc<Home>> {
        self.homes.borrow().get(&sid).cloned()
    }
}
