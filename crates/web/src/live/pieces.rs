//! What is read back for one connection, cut into pieces that its queue has room for.

use std::iter;

use application::Error;
use bytes::{Bytes, BytesMut};
use domain::{Refusal, Rev, RoomId};
use realtime::{Bounds, Piece};

use super::peer::Peer;

/// Cuts frames, each with the rev of its change, into pieces of at most this size; a larger frame goes
/// alone. The last piece reaches up to `up_to`, and is empty only if there are no frames at all.
pub(super) fn cut(
    frames: impl IntoIterator<Item = (Rev, Bytes)>,
    up_to: Rev,
    most: Bounds,
) -> impl Iterator<Item = Piece> {
    let mut frames = frames.into_iter().peekable();
    let mut is_over = false;
    iter::from_fn(move || {
        if is_over {
            return None;
        }
        let (mut piece, mut count, mut last) = (BytesMut::new(), 0, up_to);
        while let Some((rev, frame)) = frames.next_if(|(_, frame)| {
            count == 0 || (count < most.frames && piece.len() + frame.len() <= most.bytes)
        }) {
            piece.extend_from_slice(&frame);
            count += usize::from(!frame.is_empty());
            last = rev;
        }
        is_over = frames.peek().is_none();
        Some(Piece {
            frames: piece.freeze(),
            count,
            up_to: if is_over { up_to } else { last },
        })
    })
}

/// Sends pieces to a listener that is behind in a room, each once the queue has drained. Returns how many
/// frames that was.
pub(super) async fn tell(
    peer: &Peer,
    room: RoomId,
    pieces: impl IntoIterator<Item = Piece>,
) -> Result<usize, Error> {
    let (shard, connection) = (&peer.worker.shard, &peer.connection);
    let mut told = 0;
    for piece in pieces {
        if piece.count > 0 {
            connection.has_capacity().await;
        }
        told += piece.count;
        if !shard.tell(connection, room, piece) {
            return Err(Refusal::NotFound.into());
        }
    }
    Ok(told)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rev(number: i64) -> Rev {
        Rev::new(number).unwrap()
    }

    /// Cuts frames of these lengths, the first of them at rev 1. Returns the length, the count and the rev
    /// of each piece.
    fn pieces(lengths: &[usize], up_to: i64) -> Vec<(usize, usize, i64)> {
        let frames = lengths.iter().zip(1..);
        let frames = frames.map(|(length, number)| (rev(number), Bytes::from(vec![b'x'; *length])));
        let most = Bounds {
            bytes: 10,
            frames: 3,
        };
        cut(frames, rev(up_to), most)
            .map(|piece| (piece.frames.len(), piece.count, piece.up_to.get()))
            .collect()
    }

    #[test]
    fn a_piece_holds_as_many_bytes_and_frames_as_it_may() {
        assert_eq!(pieces(&[4, 6, 1], 3), [(10, 2, 2), (1, 1, 3)]);
        assert_eq!(pieces(&[1, 1, 1, 1], 4), [(3, 3, 3), (1, 1, 4)]);
        assert_eq!(pieces(&[5, 6, 5], 3), [(5, 1, 1), (6, 1, 2), (5, 1, 3)]);
    }

    #[test]
    fn a_frame_that_is_larger_goes_alone() {
        assert_eq!(pieces(&[1, 50, 2], 3), [(1, 1, 1), (50, 1, 2), (2, 1, 3)]);
    }

    #[test]
    fn the_last_piece_reaches_to_the_end() {
        assert_eq!(pieces(&[], 7), [(0, 0, 7)]);
        assert_eq!(pieces(&[1], 7), [(1, 1, 7)]);
        assert_eq!(pieces(&[10, 10], 7), [(10, 1, 1), (10, 1, 7)]);
    }

    #[test]
    fn what_is_told_without_a_frame_counts_for_nothing() {
        assert_eq!(pieces(&[0, 0, 0, 0, 10, 0], 6), [(10, 1, 6)]);
        assert_eq!(pieces(&[10, 0, 1], 3), [(10, 1, 2), (1, 1, 3)]);
    }
}
