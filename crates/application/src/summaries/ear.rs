//! Where the pieces of a summary go while it is being made.

use std::sync::{Mutex, PoisonError};

use tokio::sync::mpsc;

/// How many pieces may wait for a listener. More than that are put together into one.
const WAITING: usize = 32;

/// Where the pieces of a summary go.
pub struct Ear {
    sender: mpsc::Sender<String>,
    /// What found no place, and goes with the next piece.
    behind: Mutex<String>,
}

/// Pieces of a summary, as they come.
pub struct Heard(mpsc::Receiver<String>);

impl Ear {
    /// An ear, and what it hears.
    pub fn open() -> (Self, Heard) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let ear = Self {
            sender,
            behind: Mutex::default(),
        };
        (ear, Heard(receiver))
    }

    /// Tells a piece. Whoever listens slowly is told several at once, and holds nobody up.
    pub(super) fn tell(&self, piece: &str) {
        let mut behind = self.behind.lock().unwrap_or_else(PoisonError::into_inner);
        behind.push_str(piece);
        if let Ok(place) = self.sender.try_reserve() {
            place.send(std::mem::take(&mut *behind));
        }
    }

    /// Waits until nobody listens any more.
    pub async fn closed(&self) {
        self.sender.closed().await;
    }
}

impl Heard {
    /// The next piece; nothing when the ear is gone.
    pub async fn next(&mut self) -> Option<String> {
        self.0.recv().await
    }

    /// A piece that is there already.
    pub fn at_once(&mut self) -> Option<String> {
        self.0.try_recv().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_listens_slowly_is_told_more_at_once() {
        let (ear, mut heard) = Ear::open();
        for number in 0..WAITING + 10 {
            ear.tell(&format!("{number} "));
        }
        for number in 0..WAITING {
            assert_eq!(heard.next().await, Some(format!("{number} ")));
        }
        ear.tell("end");
        drop(ear);
        let rest: String = (WAITING..WAITING + 10)
            .flat_map(|n| [n.to_string(), " ".to_owned()])
            .collect();
        assert_eq!(heard.next().await, Some(format!("{rest}end")));
        assert_eq!(heard.next().await, None);
    }
}
