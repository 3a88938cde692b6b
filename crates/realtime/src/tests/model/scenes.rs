//! Random sequences of steps.

use proptest::prelude::*;

use super::world::{CLIENTS, Step, World};

fn step() -> impl Strategy<Value = Step> {
    let any = || 0..64_usize;
    let who = || 0..CLIENTS;
    prop_oneof![
        10 => any().prop_map(Step::Post),
        4 => (any(), any()).prop_map(|(of, which)| Step::Touch(of, which)),
        2 => who().prop_map(Step::Turn),
        10 => (any(), prop::bool::weighted(0.2)).prop_map(|(which, again)| Step::Hint(which, again)),
        3 => any().prop_map(Step::LoseHint),
        6 => (any(), 1..6_usize).prop_map(|(which, most)| Step::Take(which, most)),
        1 => any().prop_map(Step::Overrun),
        2 => any().prop_map(Step::Look),
        2 => Just(Step::Mend),
        4 => any().prop_map(Step::Mended),
        1 => Just(Step::Forget),
        5 => who().prop_map(Step::Subscribe),
        1 => who().prop_map(Step::Unsubscribe),
        1 => who().prop_map(Step::Reconnect),
        16 => who().prop_map(Step::Go),
        10 => who().prop_map(Step::Read),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, max_shrink_iters: 20000, ..ProptestConfig::default() })]

    #[test]
    fn everybody_is_told_of_everything_in_order(
        steps in proptest::collection::vec(step(), 0..400),
    ) {
        let mut world = World::new();
        for step in steps {
            world.step(step);
        }
        world.come_to_rest();
        world.check();
    }
}
