//! How long the extractive summariser, which needs no model, takes for ten thousand messages on one core.

use std::time::{Duration, Instant};

use adapter_extractive::Extractive;
use domain::port::summariser::{Line, Material, Style, Telling};
use domain::{Seq, Timestamp};

const MESSAGES: i64 = 10_000;
const ROUNDS: usize = 11;
const PEOPLE: [&str; 7] = ["ana", "ben", "cleo", "dmitri", "elif", "farid", "gia"];
/// The size of the vocabulary. Some words occur far more often than others, as in any conversation.
const WORDS: usize = 6_000;
/// For each of two scripts: its name, the consonants and vowels of its words, and how some messages end.
const SCRIPTS: [(&str, &str, &str, &str); 2] = [
    ("Latin", "bdfgklmnprstvz", "aeiou", " on Friday at 14:30."),
    ("Cyrillic", "бдфгклмнпрствз", "аеиоу", " в пятницу в 14:30."),
];

/// A pseudorandom generator that returns the same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 16).unwrap_or_default() % sides
    }

    fn word(&mut self, consonants: &str, vowels: &str) -> String {
        let most = self.roll(WORDS) + 1;
        let mut rank = self.roll(most);
        let mut word = String::new();
        for _ in 0..3 {
            word.extend(consonants.chars().nth(rank % 14));
            word.extend(vowels.chars().nth(rank / 14 % 5));
            rank /= 7;
        }
        word
    }

    fn text(&mut self, (_, consonants, vowels, when): (&str, &str, &str, &str)) -> String {
        let long = 1 + self.roll(24);
        let words: Vec<String> = (0..long).map(|_| self.word(consonants, vowels)).collect();
        let end = match self.roll(5) {
            0 => "?",
            1 => when,
            2 => ".",
            _ => "",
        };
        format!("{}{end}", words.join(" "))
    }
}

fn talk(script: (&str, &str, &str, &str)) -> anyhow::Result<Vec<Line>> {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut lines = Vec::new();
    for place in 1..=MESSAGES {
        let seq = Seq::new(place).ok_or_else(|| anyhow::anyhow!("there are that many places"))?;
        let speaker = PEOPLE.get(dice.roll(PEOPLE.len())).copied();
        lines.push(Line {
            seq,
            speaker: speaker.unwrap_or_default().to_owned(),
            at: Timestamp::from_millis(place * 7_000),
            text: dice.text(script),
        });
    }
    Ok(lines)
}

#[expect(clippy::print_stdout, reason = "figures are what it is for")]
fn main() -> anyhow::Result<()> {
    println!("{MESSAGES} messages, {ROUNDS} times");
    println!("script        letters  median ms  least ms  most ms");
    for script in SCRIPTS {
        let lines = talk(script)?;
        let letters: usize = lines.iter().map(|line| line.text.chars().count()).sum();
        let material = Material::Lines(lines);
        let telling = Telling::to_reader(Style::Bullets, "ana");
        let mut spans: Vec<Duration> = Vec::with_capacity(ROUNDS);
        for _ in 0..ROUNDS {
            let from = Instant::now();
            let digest = Extractive::new().digest(&material, &telling);
            spans.push(from.elapsed());
            anyhow::ensure!(!digest.bullets.is_empty(), "it is a summary");
        }
        spans.sort();
        let millis = |at: usize| spans.get(at).map_or(0.0, |it| it.as_secs_f64() * 1_000.0);
        let (median, least, most) = (millis(ROUNDS / 2), millis(0), millis(ROUNDS - 1));
        let name = script.0;
        println!("{name:<12}  {letters:>7}  {median:>9.0}  {least:>8.0}  {most:>7.0}");
    }
    Ok(())
}
