//! Sends large responses in pieces.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use bytes::Bytes;

/// The size of a piece.
const PIECE: usize = 64 * 1024;

/// A body that is sent in pieces, each as soon as the connection can take it. As a whole it would
/// be copied before the first byte is sent, and be held twice for as long as the client takes to
/// read it.
struct Pieces(Bytes);

/// The same body, in pieces if it is large enough.
pub(crate) fn in_pieces(body: BoxBody) -> BoxBody {
    match body.try_into_bytes() {
        Ok(whole) if whole.len() > PIECE => BoxBody::new(Pieces(whole)),
        Ok(whole) => BoxBody::new(whole),
        Err(other) => other,
    }
}

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(u64::try_from(self.0.len()).unwrap_or(u64::MAX))
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        let size = self.0.len().min(PIECE);
        Poll::Ready((size > 0).then(|| Ok(self.0.split_to(size))))
    }
}

#[cfg(test)]
mod tests {
    use actix_web::body::to_bytes;
    use futures::StreamExt as _;

    use super::*;

    fn body(size: usize) -> (Bytes, BoxBody) {
        let whole: Bytes = (0..=u8::MAX).cycle().take(size).collect();
        (whole.clone(), in_pieces(BoxBody::new(whole)))
    }

    #[actix_web::test]
    async fn nothing_is_lost_between_pieces() {
        for size in [0, 1, PIECE, PIECE + 1, 3 * PIECE, 3 * PIECE + 7] {
            let (whole, body) = body(size);
            let told = u64::try_from(size).unwrap();
            assert_eq!(body.size(), BodySize::Sized(told));
            assert_eq!(to_bytes(body).await.unwrap(), whole);
        }
    }

    #[actix_web::test]
    async fn no_piece_is_great() {
        let (_, mut body) = body(3 * PIECE + 7);
        let mut pieces = futures::stream::poll_fn(|context| Pin::new(&mut body).poll_next(context));
        let mut sizes = Vec::new();
        while let Some(piece) = pieces.next().await {
            sizes.push(piece.unwrap().len());
        }
        assert_eq!(sizes, [PIECE, PIECE, PIECE, 7]);
    }
}
