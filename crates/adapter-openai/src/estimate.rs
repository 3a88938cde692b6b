//! Estimates the number of tokens of a text, before the model has counted them or where it does not.

/// An estimate, rather too high than too low: four ASCII characters make one token, and three
/// characters of any other script make two.
pub(crate) fn tokens(text: &str) -> u64 {
    let ascii = text.bytes().filter(u8::is_ascii).count();
    let others = text.chars().count() - ascii;
    let tokens = ascii.div_ceil(4) + (others * 2).div_ceil(3);
    u64::try_from(tokens).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_script_counts() {
        assert_eq!(tokens(""), 0);
        assert_eq!(tokens("four"), 1);
        assert_eq!(tokens("релиз"), 4);
        assert_eq!(tokens("数据库 ok"), 3);
    }
}
