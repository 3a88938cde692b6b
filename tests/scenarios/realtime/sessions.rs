//! When a session ends, its connections are closed on all nodes.

use acceptance::{PASSWORD, Person, SOON, Socket, World, scenarios};
use serde_json::json;
use tokio::time::timeout;

use super::scene::is;

scenarios![
    logging_out_ends_the_sockets_of_that_session,
    logging_out_everywhere_ends_all,
    ending_a_session_ends_its_sockets,
    a_new_password_ends_the_others,
    a_stolen_refresh_token_ends_the_sockets,
    who_is_no_more_is_not_connected,
];

/// Ana on two devices, both connected to every node.
struct Devices {
    ana: Person,
    phone: Person,
    here: Vec<Socket>,
    there: Vec<Socket>,
}

async fn devices(world: &World) -> Devices {
    let ana = world.person("ana").await;
    let phone = ana.on_another_device().await;
    let (mut here, mut there) = (Vec::new(), Vec::new());
    for node in 0..world.nodes() {
        let node = world.visitor_at(node);
        here.push(ana.clone().at(&node).connects().await);
        there.push(phone.clone().at(&node).connects().await);
    }
    Devices {
        ana,
        phone,
        here,
        there,
    }
}

async fn end(sockets: &mut [Socket]) {
    for socket in sockets {
        let ended = timeout(SOON, socket.ends_with(4502)).await;
        ended.expect("soon");
        let heard = socket.kept();
        assert!(heard.iter().any(is("session_revoked")), "{heard:?}");
    }
}

async fn go_on(sockets: &mut [Socket]) {
    for socket in sockets {
        let heard = socket.so_far().await;
        assert!(!heard.iter().any(is("session_revoked")), "{heard:?}");
    }
}

async fn logging_out_ends_the_sockets_of_that_session(world: &mut World) {
    let Devices {
        ana,
        mut here,
        mut there,
        ..
    } = devices(world).await;
    ana.post("/api/auth/logout", json!({}))
        .await
        .expect_nothing();
    end(&mut here).await;
    go_on(&mut there).await;
}

async fn logging_out_everywhere_ends_all(world: &mut World) {
    let Devices {
        phone,
        mut here,
        mut there,
        ..
    } = devices(world).await;
    phone
        .post("/api/auth/logout-all", json!({}))
        .await
        .expect_nothing();
    end(&mut here).await;
    end(&mut there).await;
}

async fn ending_a_session_ends_its_sockets(world: &mut World) {
    let Devices {
        ana,
        mut here,
        mut there,
        ..
    } = devices(world).await;
    let sessions = ana.get("/api/auth/sessions").await.expect(200);
    let sessions = sessions["sessions"].as_array().unwrap();
    let other = sessions.iter().find(|it| it["current"] == false).unwrap();
    let path = format!("/api/auth/sessions/{}", other["id"].as_str().unwrap());
    ana.delete(&path).await.expect_nothing();
    end(&mut there).await;
    go_on(&mut here).await;
}

async fn a_new_password_ends_the_others(world: &mut World) {
    let Devices {
        ana,
        mut here,
        mut there,
        ..
    } = devices(world).await;
    let change = json!({ "current": PASSWORD, "new": "another horse" });
    ana.post("/api/auth/password", change)
        .await
        .expect_nothing();
    end(&mut there).await;
    go_on(&mut here).await;
}

async fn a_stolen_refresh_token_ends_the_sockets(world: &mut World) {
    let Devices {
        ana,
        mut here,
        mut there,
        ..
    } = devices(world).await;
    let refresh = async |token: &str| {
        let body = json!({ "refreshToken": token });
        ana.post("/api/auth/refresh", body).await
    };
    let first = refresh(&ana.refresh_token).await.expect(200);
    refresh(first["refreshToken"].as_str().unwrap())
        .await
        .expect(200);
    go_on(&mut here).await;
    refresh(&ana.refresh_token)
        .await
        .expect_problem(401, "refresh_reused");
    end(&mut here).await;
    go_on(&mut there).await;
}

async fn who_is_no_more_is_not_connected(world: &mut World) {
    let Devices {
        ana,
        mut here,
        mut there,
        ..
    } = devices(world).await;
    let password = json!({ "password": PASSWORD });
    ana.ask(reqwest::Method::DELETE, "/api/users/me", Some(password))
        .await
        .expect_nothing();
    end(&mut here).await;
    end(&mut there).await;
}
