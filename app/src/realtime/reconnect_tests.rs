//! The reconnection policy: what a person sees after a loss, as tables; and what holds on any path.

use super::*;
use proptest::prelude::*;

const POLL: u32 = 10;

fn policy() -> Reconnect {
    Reconnect::new(SocketConfig::BROWSER)
}

fn opened() -> Reconnect {
    let mut policy = policy();
    let step = policy.on(Happening::Opened { online: true }, 0.0);
    assert_eq!(step, Step { action: Action::Connect, wake: Wake::In(15_000) });
    policy
}

fn connected() -> Reconnect {
    let mut policy = opened();
    let step = policy.on(Happening::Connected, 0.0);
    assert_eq!(step, Step { action: Action::Nothing, wake: Wake::Never });
    policy
}

/// A policy that polls, with the first probe ahead.
fn polling() -> Reconnect {
    let mut policy = connected();
    policy.on(Happening::Lost, 0.0);
    for _ in 0..5 {
        policy.on(Happening::Due, 0.0);
        policy.on(Happening::AttemptFailed, 0.0);
    }
    assert_eq!(policy.status(POLL), SocketStatus::Polling { every: POLL });
    policy
}

#[test]
fn five_attempts_a_second_apart_then_polling() {
    let mut policy = connected();
    let mut step = policy.on(Happening::Lost, 0.0);
    for attempt in 1..=5 {
        assert_eq!(step, Step { action: Action::Nothing, wake: Wake::In(1_000) });
        assert_eq!(policy.status(POLL), SocketStatus::Reconnecting { attempt });
        let trying = policy.on(Happening::Due, 0.0);
        assert_eq!(trying, Step { action: Action::Connect, wake: Wake::In(5_000) });
        assert_eq!(policy.status(POLL), SocketStatus::Reconnecting { attempt });
        step = policy.on(Happening::AttemptFailed, 0.0);
    }
    assert_eq!(policy.status(POLL), SocketStatus::Polling { every: POLL });
    assert_eq!(step.action, Action::Nothing);
}

#[test]
fn a_first_connect_that_fails_is_tried_again_like_a_loss() {
    let mut policy = opened();
    assert_eq!(policy.status(POLL), SocketStatus::Connecting);
    assert_eq!(policy.on(Happening::AttemptFailed, 0.0).wake, Wake::In(1_000));
    assert_eq!(policy.status(POLL), SocketStatus::Reconnecting { attempt: 1 });
}

#[test]
fn each_namespace_reports_the_same_loss_and_it_counts_once() {
    let mut policy = connected();
    policy.on(Happening::Lost, 0.0);
    assert_eq!(policy.on(Happening::Lost, 0.0), STAY);
    policy.on(Happening::Due, 0.0);
    policy.on(Happening::AttemptFailed, 0.0);
    assert_eq!(policy.on(Happening::AttemptFailed, 0.0), STAY);
    assert_eq!(policy.status(POLL), SocketStatus::Reconnecting { attempt: 2 });
}

#[test]
fn an_attempt_that_hangs_is_given_up() {
    let mut policy = connected();
    policy.on(Happening::Lost, 0.0);
    policy.on(Happening::Due, 0.0);
    let step = policy.on(Happening::Due, 0.0);
    assert_eq!(step, Step { action: Action::Disconnect, wake: Wake::In(1_000) });
    assert_eq!(policy.status(POLL), SocketStatus::Reconnecting { attempt: 2 });
}

#[test]
fn probes_wait_longer_each_time_and_never_more_than_half_a_minute() {
    for (jitter, waits) in [(0.0, [4_000, 8_000, 15_000, 15_000]), (1.0, [8_000, 16_000, 30_000, 30_000])] {
        let mut policy = polling();
        for wait in waits {
            assert_eq!(policy.on(Happening::Due, jitter).action, Action::Connect);
            assert_eq!(policy.on(Happening::AttemptFailed, jitter).wake, Wake::In(wait));
            assert_eq!(policy.status(POLL), SocketStatus::Polling { every: POLL });
        }
    }
}

#[test]
fn a_wait_is_cut_short_by_the_network_the_tab_and_the_button() {
    for (happening, while_polling) in [
        (Happening::Online, SocketStatus::Polling { every: POLL }),
        (Happening::Visible, SocketStatus::Polling { every: POLL }),
        (Happening::ButtonPressed, SocketStatus::Reconnecting { attempt: 1 }),
    ] {
        let mut policy = connected();
        policy.on(Happening::Lost, 0.0);
        assert_eq!(policy.on(happening, 0.0).action, Action::Connect, "{happening:?} before an attempt");
        assert_eq!(policy.status(POLL), SocketStatus::Reconnecting { attempt: 1 });
        assert_eq!(policy.on(happening, 0.0).action, Action::Nothing, "{happening:?} during an attempt");

        let mut policy = polling();
        assert_eq!(policy.on(happening, 0.0).action, Action::Connect, "{happening:?} while polling");
        assert_eq!(policy.status(POLL), while_polling);

        let mut policy = connected();
        assert_eq!(policy.on(happening, 0.0), STAY, "{happening:?} while connected");
    }
}

#[test]
fn the_button_begins_the_attempts_anew() {
    let mut policy = polling();
    policy.on(Happening::Due, 0.0);
    assert_eq!(policy.on(Happening::ButtonPressed, 0.0), STAY, "the probe that is under way becomes the attempt");
    for attempt in 1..5 {
        assert_eq!(policy.status(POLL), SocketStatus::Reconnecting { attempt });
        policy.on(Happening::AttemptFailed, 0.0);
        policy.on(Happening::Due, 0.0);
    }
    policy.on(Happening::AttemptFailed, 0.0);
    assert_eq!(policy.status(POLL), SocketStatus::Polling { every: POLL });
}

#[test]
fn without_a_network_the_page_is_offline_until_it_is_back() {
    let mut policy = connected();
    let step = policy.on(Happening::Offline, 0.0);
    assert_eq!(step, Step { action: Action::Disconnect, wake: Wake::In(2_000) });
    assert_eq!(policy.status(POLL), SocketStatus::Offline);
    assert_eq!(policy.on(Happening::Lost, 0.0), STAY);

    let step = policy.on(Happening::Online, 0.0);
    assert_eq!(step.action, Action::Connect);
    assert_eq!(policy.status(POLL), SocketStatus::Reconnecting { attempt: 1 });
    policy.on(Happening::Connected, 0.0);
    assert_eq!(policy.status(POLL), SocketStatus::Connected);
}

#[test]
fn a_server_on_this_machine_is_reached_without_any_network() {
    let mut policy = policy();
    assert_eq!(policy.on(Happening::Opened { online: false }, 0.0).action, Action::Connect);
    assert_eq!(policy.status(POLL), SocketStatus::Connecting);
    policy.on(Happening::Connected, 0.0);
    assert_eq!(policy.status(POLL), SocketStatus::Connected);
    policy.on(Happening::Lost, 0.0);
    assert_eq!(policy.status(POLL), SocketStatus::Offline);
    assert_eq!(policy.on(Happening::Due, 0.0).action, Action::Connect);
    policy.on(Happening::Connected, 0.0);
    assert_eq!(policy.status(POLL), SocketStatus::Connected);
}

#[test]
fn too_many_connects_lead_to_slow_probes() {
    let mut policy = opened();
    assert_eq!(policy.on(Happening::RateLimited, 0.0).wake, Wake::In(8_000));
    assert_eq!(policy.status(POLL), SocketStatus::Polling { every: POLL });
}

#[test]
fn nothing_is_tried_after_the_end() {
    let mut policy = polling();
    assert_eq!(policy.on(Happening::Closed, 0.0), Step { action: Action::Disconnect, wake: Wake::Never });
    for happening in
        [Happening::Due, Happening::Online, Happening::ButtonPressed, Happening::Connected, Happening::Lost]
    {
        assert_eq!(policy.on(happening, 0.0), STAY);
        assert_eq!(policy.status(POLL), SocketStatus::Offline);
    }
}

fn happenings() -> impl Strategy<Value = Happening> {
    prop::sample::select(vec![
        Happening::Connected,
        Happening::Lost,
        Happening::AttemptFailed,
        Happening::RateLimited,
        Happening::Online,
        Happening::Offline,
        Happening::Visible,
        Happening::ButtonPressed,
        Happening::Due,
    ])
}

proptest! {
    #[test]
    fn whatever_happens_the_page_is_connected_or_will_try_again(
        path in prop::collection::vec((happenings(), 0.0f64..1.0), 0..60),
    ) {
        let mut policy = opened();
        let mut alarm = true;
        for (happening, jitter) in path {
            // An alarm rings once.
            if happening == Happening::Due && !std::mem::take(&mut alarm) {
                continue;
            }
            let step = policy.on(happening, jitter);
            match step.wake {
                Wake::AsBefore => {}
                Wake::Never => alarm = false,
                Wake::In(wait) => {
                    alarm = true;
                    prop_assert!(wait <= 30_000);
                }
            }
            let status = policy.status(POLL);
            prop_assert_eq!(alarm, status != SocketStatus::Connected);
            if let SocketStatus::Reconnecting { attempt } = status {
                prop_assert!((1..=5).contains(&attempt));
            }
            if happening == Happening::Connected {
                prop_assert_eq!(status, SocketStatus::Connected);
            }
        }
    }
}
