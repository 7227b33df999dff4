//! Guesses sprayed at the real limiter, in the limiter's own time.
//!
//! Hits per day = live codes × guesses really checked / 2³⁰, within one establishment: the limits decide the second
//! factor, whatever the number of addresses and guesses.

use std::{net::Ipv4Addr, time::Instant};

use domain::codes::{self, EnterError};
use futures_util::future::join_all;
use jiff::SignedDuration;
use model::codes::TransferCode;

use crate::support::{Node, app_with, origin};

struct Spray {
    guesses: u32,
    addresses: u32,
    establishments: usize,
    codes_in_each: usize,
    /// Over which the guesses are spread.
    hours: u32,
}

#[derive(Debug, Default)]
struct Seen {
    hits: u32,
    checked: u32,
    refused: u32,
}

const AT_ONCE: u32 = 64;

async fn spray(of: &Spray) -> Seen {
    let app = app_with(Node { connections: 8, seed: 2026, ..Node::default() }).await;
    let mut houses = Vec::new();
    for n in 0..of.establishments {
        let house = app.house(&format!("Pharmacie {n}")).await;
        let staff = app.pharmacist(&house).await;
        for _ in 0..of.codes_in_each {
            let new =
                model::codes::NewCode { validity: 43_200.try_into().unwrap(), ..crate::support::new_code() };
            codes::generate(&app.d, &staff, &new).await.unwrap();
        }
        houses.push(house.id);
    }
    let (started, mut seen) = (Instant::now(), Seen::default());
    let step = SignedDuration::from_micros(
        i64::from(of.hours) * 3_600_000_000 * i64::from(AT_ONCE) / i64::from(of.guesses),
    );
    for _ in 0..of.guesses / AT_ONCE {
        let guesses = (0..AT_ONCE).map(|_| {
            let random = &app.d.random;
            // Four addresses to a /24, as rented machines come.
            let n = u32::from_be_bytes(random.bytes().unwrap()) % of.addresses;
            let address = Ipv4Addr::from_bits(0x0a00_0000 | ((n / 4) << 8) | (n % 4));
            let [which] = random.bytes().unwrap();
            let typed = random.bytes().unwrap();
            let (d, house) = (app.d.clone(), houses[usize::from(which) % houses.len()]);
            async move {
                codes::enter(
                    &d,
                    origin(&address.to_string()),
                    house,
                    TransferCode::from_random(typed).as_ref(),
                )
                .await
            }
        });
        for outcome in join_all(guesses).await {
            match outcome {
                Ok(_) => (seen.hits, seen.checked) = (seen.hits + 1, seen.checked + 1),
                Err(EnterError::NotValid) => seen.checked += 1,
                Err(EnterError::TooMany(_)) => seen.refused += 1,
                Err(EnterError::Fault(fault)) => panic!("{fault}"),
            }
        }
        app.advance(step);
    }
    let seconds = started.elapsed().as_secs_f64();
    println!(
        "{} guesses from {} addresses at {} establishments of {} codes in {} h: {} checked, {} hits, {} refused ({:.0} guesses/s)",
        of.guesses,
        of.addresses,
        of.establishments,
        of.codes_in_each,
        of.hours,
        seen.checked,
        seen.hits,
        seen.refused,
        f64::from(of.guesses) / seconds
    );
    let limits = &app.d.policy.limits;
    let windows = of.hours + 1;
    let houses = u32::try_from(of.establishments).unwrap();
    assert!(seen.checked <= limits.code_per_establishment * houses * windows, "{seen:?}");
    assert!(seen.checked <= limits.code_global * windows, "{seen:?}");
    assert!(seen.checked <= limits.code_per_address * of.addresses * windows, "{seen:?}");
    seen
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_thousand_sprayed_guesses_are_a_hundred_checked_ones_an_hour() {
    let seen =
        spray(&Spray { guesses: 3_008, addresses: 300, establishments: 1, codes_in_each: 20, hours: 2 })
            .await;
    assert!((200..=300).contains(&seen.checked), "{seen:?}");
    assert_eq!(seen.hits, 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn twelve_establishments_together_are_bounded_too() {
    let seen =
        spray(&Spray { guesses: 3_008, addresses: 3_000, establishments: 12, codes_in_each: 1, hours: 1 })
            .await;
    assert!(seen.checked >= 1_000, "{seen:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes minutes: `make simulate`"]
async fn simulate_a_million_guesses_from_ten_thousand_addresses() {
    let of =
        Spray { guesses: 1_000_000, addresses: 10_000, establishments: 30, codes_in_each: 50, hours: 24 };
    let seen = spray(&of).await;
    // Expected: 50 codes × 50,000 checked ones / 2³⁰ = 0.002.
    assert!(seen.hits <= 1, "{seen:?}");
}
