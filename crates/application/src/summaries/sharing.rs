//! Splitting what is too long for the model.

use domain::port::summariser::{Digest, Line, Material, Style, Telling};
use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::bill::Bill;
use super::ear::Ear;
use super::guard::{Guard, Reason};

/// How many requests one part of a summary may become. Repeatedly halving the longest messages takes
/// far fewer.
const MOST: u32 = 64;

/// The requests that one part of a summary becomes.
pub(super) struct Sharing<'a> {
    guard: &'a Guard,
    bill: &'a Bill,
    /// How many more there may be.
    left: u32,
}

impl<'a> Sharing<'a> {
    pub(super) const fn new(guard: &'a Guard, bill: &'a Bill) -> Self {
        Self {
            guard,
            bill,
            left: MOST,
        }
    }

    /// Asks the model to summarise the material. If it is too long, its two halves are summarised first,
    /// recursively, and then the two summaries.
    pub(super) fn ask<'b>(
        &'b mut self,
        material: &'b Material,
        telling: &'b Telling,
        ear: Option<&'b Ear>,
    ) -> BoxFuture<'b, Result<Digest, Reason>> {
        async move {
            self.left = self.left.checked_sub(1).ok_or(Reason::TooLong)?;
            match self.guard.ask(material, telling, self.bill, ear).await {
                Err(Reason::TooLong) => (),
                answered => return answered,
            }
            let (one, other) = halves(material).ok_or(Reason::TooLong)?;
            let to_all = Telling::to_all(Style::Bullets);
            let mut parts = Vec::new();
            for half in [one, other] {
                parts.push(self.ask(&half, &to_all, None).await?);
            }
            let together = Material::Parts {
                parts,
                tail: Vec::new(),
            };
            self.ask(&together, telling, ear).await
        }
        .boxed()
    }
}

/// Two halves, in order; `None` for a single item that is too short to split.
fn halves(material: &Material) -> Option<(Material, Material)> {
    match material {
        Material::Lines(lines) => {
            let (one, other) = halves_of_lines(lines)?;
            Some((Material::Lines(one), Material::Lines(other)))
        }
        Material::Parts { parts, tail } if tail.is_empty() => {
            let (one, other) = parts.split_at_checked(parts.len() / 2)?;
            let told = |parts: &[Digest]| Material::Parts {
                parts: parts.to_vec(),
                tail: Vec::new(),
            };
            (!one.is_empty()).then(|| (told(one), told(other)))
        }
        Material::Parts { parts, tail } => {
            let told = Material::Parts {
                parts: parts.clone(),
                tail: Vec::new(),
            };
            if parts.is_empty() {
                return halves(&Material::Lines(tail.clone()));
            }
            Some((told, Material::Lines(tail.clone())))
        }
    }
}

fn halves_of_lines(lines: &[Line]) -> Option<(Vec<Line>, Vec<Line>)> {
    /// A text shorter than this that is still too long always will be.
    const SHORT: usize = 64;
    if let [line] = lines {
        let middle = line.text.floor_char_boundary(line.text.len() / 2);
        let (one, other) = line.text.split_at_checked(middle)?;
        let part = |text: &str| {
            vec![Line {
                text: text.to_owned(),
                ..line.clone()
            }]
        };
        return (line.text.len() > SHORT).then(|| (part(one), part(other)));
    }
    let (one, other) = lines.split_at_checked(lines.len() / 2)?;
    (!one.is_empty()).then(|| (one.to_vec(), other.to_vec()))
}
