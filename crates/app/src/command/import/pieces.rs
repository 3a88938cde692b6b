//! Splits texts that are longer than a message may be.

use domain::MessageBody;

/// Splits a text into parts that fit into messages, at the ends of lines where possible.
pub(super) fn pieces(text: &str) -> Vec<String> {
    let mut pieces = vec![String::new()];
    let mut length = 0usize;
    for line in text.split_inclusive('\n') {
        let more = line.chars().count();
        if length.saturating_add(more) > MessageBody::MAX && length > 0 {
            pieces.push(String::new());
            length = 0;
        }
        for letter in line.chars() {
            if length == MessageBody::MAX {
                pieces.push(String::new());
                length = 0;
            }
            length = length.saturating_add(1);
            if let Some(piece) = pieces.last_mut() {
                piece.push(letter);
            }
        }
    }
    pieces.retain(|piece| !piece.trim().is_empty());
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_come_in_pieces_and_nothing_is_lost() {
        let line = format!("{}\n", "é".repeat(MessageBody::MAX / 2));
        let long = "x".repeat(MessageBody::MAX * 2 + 1);
        for text in [line.repeat(5), long, "short".to_owned()] {
            let pieces = pieces(&text);
            assert_eq!(pieces.concat(), text);
            let fits = |piece: &String| piece.chars().count() <= MessageBody::MAX;
            assert!(pieces.iter().all(fits));
        }
        assert_eq!(pieces(" \n"), Vec::<String>::new());
    }
}
