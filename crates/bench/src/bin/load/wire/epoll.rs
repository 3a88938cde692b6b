//! Which of many sockets can be read from or written to.

use std::io;
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, OwnedFd};
use std::time::Duration;

use rustix::event::Timespec;
use rustix::event::epoll;
use rustix::io::Errno;

pub(crate) use rustix::event::epoll::EventFlags as Flags;

/// How many events are returned at once, so that timed work in the same loop gets its turn.
pub(crate) const AT_ONCE: usize = 128;

/// Waits for sockets, which are identified by numbers.
pub(crate) struct Epoll {
    queue: OwnedFd,
}

impl Epoll {
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            queue: epoll::create(epoll::CreateFlags::CLOEXEC)?,
        })
    }

    /// Starts to watch a socket, until it is closed.
    pub(crate) fn watch(&self, socket: impl AsFd, number: usize, flags: Flags) -> io::Result<()> {
        Ok(epoll::add(&self.queue, socket, name(number), flags)?)
    }

    /// Changes what a socket is watched for.
    pub(crate) fn change(&self, socket: impl AsFd, number: usize, flags: Flags) -> io::Result<()> {
        Ok(epoll::modify(&self.queue, socket, name(number), flags)?)
    }

    /// Waits until a socket is ready or the time is up. Fills `into` with the ready sockets.
    pub(crate) fn wait(
        &self,
        patience: Duration,
        into: &mut Vec<(usize, Flags)>,
    ) -> io::Result<()> {
        into.clear();
        let patience = Timespec::try_from(patience).map_err(io::Error::other)?;
        let mut events = [MaybeUninit::uninit(); AT_ONCE];
        let ready = match epoll::wait(&self.queue, &mut events, Some(&patience)) {
            Ok((ready, _)) => ready,
            Err(Errno::INTR) => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        into.extend(ready.iter().map(|event| {
            let (data, flags) = (event.data, event.flags);
            (usize::try_from(data.u64()).unwrap_or(usize::MAX), flags)
        }));
        Ok(())
    }
}

fn name(number: usize) -> epoll::EventData {
    epoll::EventData::new_u64(u64::try_from(number).unwrap_or(u64::MAX))
}
