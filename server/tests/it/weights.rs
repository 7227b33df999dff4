//! The first load of the deposit page, in bytes over the wire and in requests.

use crate::support::{Browser, Call, Reply, app};

const MOST_BYTES: usize = 50_000;
const MOST_REQUESTS: usize = 5;

/// What crosses the network: status line and headers as HTTP/1.1 writes them, and the compressed body.
fn weight(reply: &Reply) -> usize {
    let headers: usize =
        reply.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 4).sum();
    17 + headers + 2 + reply.body.len()
}

/// Addresses that a browser fetches for a page by itself.
fn fetched(page: &str) -> Vec<String> {
    let mut found = Vec::new();
    for tag in
        page.split('<').filter(|tag| ["link ", "script ", "img "].iter().any(|name| tag.starts_with(name)))
    {
        let tag = tag.split('>').next().unwrap();
        let wanted = !tag.starts_with("link ")
            || tag.contains("stylesheet")
            || tag.contains("icon")
            || tag.contains("preload");
        let address = ["src=\"", "href=\""].iter().find_map(|key| tag.split(key).nth(1)?.split('"').next());
        if let (true, Some(address)) = (wanted, address) {
            found.push(address.to_owned());
        }
    }
    if !page.contains("rel=\"icon\"") {
        found.push("/favicon.ico".to_owned());
    }
    found
}

#[tokio::test]
async fn the_script_of_several_parts_is_one_file() {
    let app = app().await;
    let served = Browser::new(&app).get("/assets/deposit.js").await.text();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../frontend/assets/deposit");
    let mut sum = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let part = std::fs::read_to_string(&path).unwrap();
        assert_eq!(served.matches(&part).count(), 1, "{} is served, once", path.display());
        // A script of its own: a mistake in one part doesn't change what another means.
        let own = part.contains("\n(function () {\n  'use strict';\n") && part.ends_with("\n})();\n");
        assert!(own && part.lines().count() <= 200, "{}", path.display());
        sum += part.len();
    }
    assert_eq!(served.len(), sum, "and nothing else");
}

#[tokio::test]
async fn the_deposit_page_is_light_enough_for_an_old_phone() {
    let app = app().await;
    let house = app.house("Pharmacie des Lilas").await;
    let objects = app.objects(&house).await;
    let link = format!("/d/{}/{}", objects.slug, objects.link);
    let plain = {
        let mut browser = Browser::new(&app);
        let at = browser.get(&link).await.location().to_owned();
        browser.get(&at).await.text()
    };
    let mut phone = Browser::new(&app);
    phone.jar.clear();
    let mut addresses = vec![link.clone(), format!("/d/{}/deposit", objects.slug)];
    addresses.extend(fetched(&plain));
    let mut sum = 0;
    for address in &addresses {
        let reply =
            phone.send(Call::get(address).with("accept-encoding", "br").with("accept", "text/html")).await;
        assert!(reply.status < 400, "{address}: {}", reply.status);
        let coding = reply.header("content-encoding");
        assert!(coding == "br" || reply.body.len() < 1_000, "{address} is compressed: {coding}");
        println!("deposit page: {:>6} bytes  {address}", weight(&reply));
        sum += weight(&reply);
    }
    println!("deposit page: {sum:>6} bytes in {} requests (brotli, headers included)", addresses.len());
    assert!(sum <= MOST_BYTES, "{sum} bytes");
    assert!(addresses.len() <= MOST_REQUESTS, "{addresses:?}");
}
