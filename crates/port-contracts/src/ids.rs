//! Obligations of [`domain::port::Ids`].

use std::collections::HashSet;
use std::sync::{Arc, Mutex};

use domain::port::Ids;
use uuid::{Uuid, Variant};

use crate::{CROWD, at_once};

contract!(ids {
    ids_never_repeat,
    ids_rise_with_time,
    random_bits_differ,
});

/// Many more than fit into a millisecond.
const MANY: usize = 5_000;

pub async fn ids_never_repeat(ids: &Arc<dyn Ids>) {
    let drawn = at_once(CROWD, |_| {
        let ids = Arc::clone(ids);
        async move { draw(ids.as_ref()) }
    })
    .await;
    let drawn = drawn.concat();
    let different: HashSet<Uuid> = drawn.iter().copied().collect();
    assert_eq!(different.len(), drawn.len());
}

pub async fn ids_rise_with_time(ids: &Arc<dyn Ids>) {
    let drawn = draw(ids.as_ref());
    assert!(drawn.is_sorted_by(|one, next| one < next));
    for id in &drawn {
        let form = (id.get_version_num(), id.get_variant());
        assert_eq!(form, (7, Variant::RFC4122), "{id}");
    }

    // An id drawn after another one is larger, on any thread.
    let book = Arc::new(Mutex::new(drawn));
    at_once(CROWD, |_| {
        let (ids, book) = (Arc::clone(ids), Arc::clone(&book));
        async move {
            for _ in 0..100 {
                let mut book = book.lock().unwrap();
                book.push(ids.uuid());
            }
        }
    })
    .await;
    let book = book.lock().unwrap();
    assert!(book.is_sorted_by(|one, next| one < next));
}

pub async fn random_bits_differ(ids: &Arc<dyn Ids>) {
    let drawn = at_once(CROWD, |_| {
        let ids = Arc::clone(ids);
        async move {
            [(); 100].map(|()| {
                let mut bits = [0; 16];
                ids.fill(&mut bits);
                bits
            })
        }
    })
    .await;
    let drawn = drawn.concat();
    let different: HashSet<[u8; 16]> = drawn.iter().copied().collect();
    assert_eq!(different.len(), drawn.len());

    // No byte is left out, at any length.
    for length in [1, 7, 33, 1_000] {
        let mut touched = vec![0; length];
        for _ in 0..20 {
            let mut bits = vec![0; length];
            ids.fill(&mut bits);
            touched
                .iter_mut()
                .zip(bits)
                .for_each(|(sum, byte)| *sum |= byte);
        }
        assert!(touched.iter().all(|sum| *sum != 0), "{length}: {touched:?}");
    }
    ids.fill(&mut []);
}

fn draw(ids: &dyn Ids) -> Vec<Uuid> {
    std::iter::repeat_with(|| ids.uuid()).take(MANY).collect()
}
