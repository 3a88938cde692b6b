//! What bypasses the lanes.

use domain::Seq;
use domain::port::messages::{Amended, Amendment, Change, View};
use domain::port::{IdsExt as _, Messages as _};

use super::scene::{ONE_LANE, Scene, stored};

#[tokio::test]
async fn everything_else_passes_through() {
    let scene = Scene::set(ONE_LANE).await;
    scene.stage.open_gate();
    let message = stored(scene.say("hi").await);
    let pin = Amendment {
        message: message.id,
        room: scene.room.id,
        by: scene.ana.user,
        at: scene.world.now(),
        change: Change::Pin { on: true },
        events: Vec::new(),
    };
    assert!(matches!(
        scene.group.amend(&pin).await.unwrap(),
        Amended::Changed(_)
    ));
    let view = View {
        room: scene.room.id,
        reader: scene.ana.user,
        floor: Seq::ZERO,
    };
    let (group, reader) = (&scene.group, scene.ana.user);
    assert_eq!(group.find(&[message.id], reader).await.unwrap().len(), 1);
    assert_eq!(group.pins(&view, None, 9).await.unwrap().len(), 1);
    assert_eq!(group.latest(&[view]).await.unwrap().len(), 1);
    let unused = scene.world.ports.ids.next();
    assert_eq!(group.sent(reader, unused).await.unwrap(), None);
    let replies = group.replies(&view, message.id, Seq::ZERO, 9).await;
    assert_eq!(replies.unwrap(), []);
}
