//! Streaming the pieces of a summary while it is being made.

use std::sync::Mutex;

use tokio::sync::mpsc;

use crate::lock::lock;

/// Capacity of the channel to a listener. Further pieces are merged into one.
const WAITING: usize = 32;

/// The sending side of a summary's pieces.
pub struct Ear {
    sender: mpsc::Sender<String>,
    /// What the channel had no capacity for; it is sent with the next piece.
    behind: Mutex<String>,
}

/// The receiving side of a summary's pieces.
pub struct Heard(mpsc::Receiver<String>);

impl Ear {
    /// Opens a channel for pieces.
    pub fn open() -> (Self, Heard) {
        let (sender, receiver) = mpsc::channel(WAITING);
        let ear = Self {
            sender,
            behind: Mutex::default(),
        };
        (ear, Heard(receiver))
    }

    /// Sends a piece. A slow listener gets several at once and holds up nothing.
    pub(super) fn tell(&self, piece: &str) {
        let mut behind = lock(&self.behind);
        behind.push_str(piece);
        if let Ok(place) = self.sender.try_reserve() {
            place.send(std::mem::take(&mut *behind));
        }
    }

    /// Waits until the receiving side is dropped.
    pub async fn closed(&self) {
        self.sender.closed().await;
    }
}

impl Heard {
    /// The next piece; `None` once the sending side is dropped.
    pub async fn next(&mut self) -> Option<String> {
        self.0.recv().await
    }

    /// The next piece, if one is already there.
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
