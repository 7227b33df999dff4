//! The client's address: the connection's, or what a configured proxy reports.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::{HeaderMap, request::Parts};
use ipnet::IpNet;

/// The address of whoever sent a request.
pub fn address(parts: &Parts, trusted: &[IpNet]) -> IpAddr {
    let peer = parts
        .extensions
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::from([127, 0, 0, 1]), |ConnectInfo(peer)| peer.ip().to_canonical());
    behind(peer, &parts.headers, trusted)
}

/// Walks `X-Forwarded-For` from the right as long as who wrote it is trusted.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|net| net.contains(address));
    if !is_trusted(&peer) {
        return peer;
    }
    let values: Vec<&str> = headers
        .get_all("x-forwarded-for")
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .collect();
    let mut last = peer;
    for text in values.into_iter().rev() {
        match text.parse::<IpAddr>() {
            Ok(address) if is_trusted(&address.to_canonical()) => last = address.to_canonical(),
            Ok(address) => return address.to_canonical(),
            Err(_) => return last,
        }
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &str, trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        behind(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn only_a_configured_proxy_is_believed() {
        assert_eq!(from("198.51.100.7", "203.0.113.9", &[]), "198.51.100.7");
        assert_eq!(from("10.0.0.1", "203.0.113.9", &["10.0.0.0/8"]), "203.0.113.9");
        // The client wrote the first one itself.
        assert_eq!(from("10.0.0.1", "1.1.1.1, 203.0.113.9", &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(from("10.0.0.1", "203.0.113.9, 10.0.0.2", &["10.0.0.0/8"]), "203.0.113.9");
        assert_eq!(from("10.0.0.1", "nonsense", &["10.0.0.0/8"]), "10.0.0.1");
    }
}
