//! Slow listeners.

use domain::port::bus::{Heard, Notices};

use super::scene::{Buses, hear, notice, number, numbered};
use crate::fresh;

pub async fn a_slow_listener_hears_of_the_gap(buses: &Buses) {
    let room = fresh();
    buses.follow(&[room]).await;
    let mut slow = buses.there.listen().await.unwrap();
    let mut quick = buses.there.listen().await.unwrap();
    let said = 8 * buses.backlog;
    for number in 0..said {
        buses.here.publish(numbered(room, number)).await.unwrap();
        assert_eq!(notice(&mut quick).await, numbered(room, number));
    }

    // Whether the buffered notices come before the gap or after it, the last one is this.
    let mut kept = up_to_the_gap(&mut slow).await;
    buses.here.publish(numbered(room, said)).await.unwrap();
    assert_eq!(notice(&mut quick).await, numbered(room, said));
    while kept.last() != Some(&said) {
        match hear(&mut slow).await {
            Heard::Notice(notice) => kept.push(number(&notice).1),
            Heard::Gap => {}
        }
    }
    assert!(kept.is_sorted_by(|one, next| one < next), "{kept:?}");
    assert!(kept.len() <= said / 2, "{} of {said} were kept", kept.len());

    // From then on it keeps up.
    for number in said + 1..said + 5 {
        buses.here.publish(numbered(room, number)).await.unwrap();
        assert_eq!(notice(&mut slow).await, numbered(room, number));
    }
}

async fn up_to_the_gap(slow: &mut Notices) -> Vec<usize> {
    let mut kept = Vec::new();
    while let Heard::Notice(notice) = hear(slow).await {
        kept.push(number(&notice).1);
    }
    kept
}
