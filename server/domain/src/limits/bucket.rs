//! What is counted, over which time, and what follows.

use std::net::IpAddr;

use jiff::SignedDuration;

/// One counter.
pub(super) struct Bucket<'a> {
    pub kind: &'static str,
    pub of: &'a [u8],
    pub rule: Rule,
}

impl<'a> Bucket<'a> {
    pub fn new(kind: &'static str, of: &'a [u8], rule: Rule) -> Self {
        Self { kind, of, rule }
    }
}

/// How many are let through in a window, and from which one on each makes the next wait.
#[derive(Clone, Copy)]
pub(super) struct Rule {
    free: u32,
    pub most: u32,
    pub window: SignedDuration,
}

impl Rule {
    /// `most` in a window, then a pause until it ends.
    pub fn pausing(most: u32, window: SignedDuration) -> Self {
        Self { free: most, most, window }
    }

    /// The same, with a delay that doubles after the first `free` ones.
    pub fn delaying(free: u32, most: u32, window: SignedDuration) -> Self {
        Self { free, most, window }
    }

    /// From this attempt on each puts a delay before the next: 64 s at first, doubling, a quarter of an hour at most.
    pub fn undelayed(&self) -> u32 {
        if self.free == self.most { u32::MAX } else { self.free }
    }
}

/// The network of an address: IPv4 to `v4` bits, IPv6 to `v6` bits (an IPv4 address mapped into IPv6 is IPv4).
pub(super) fn network(address: IpAddr, v4: u32, v6: u32) -> Vec<u8> {
    match address.to_canonical() {
        IpAddr::V4(ip) => (ip.to_bits() & u32::MAX.checked_shl(32 - v4).unwrap_or(0)).to_be_bytes().to_vec(),
        IpAddr::V6(ip) => {
            (ip.to_bits() & u128::MAX.checked_shl(128 - v6).unwrap_or(0)).to_be_bytes().to_vec()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_share_a_network_and_strangers_do_not() {
        let net = |text: &str, v4, v6| network(text.parse().unwrap(), v4, v6);
        assert_eq!(net("192.0.2.1", 24, 48), net("192.0.2.200", 24, 48));
        assert_ne!(net("192.0.2.1", 32, 64), net("192.0.2.200", 32, 64));
        assert_ne!(net("192.0.2.1", 24, 48), net("192.0.3.1", 24, 48));
        assert_eq!(net("::ffff:192.0.2.1", 32, 64), net("192.0.2.1", 32, 64));
        assert_eq!(net("2001:db8:0:1::1", 32, 64), net("2001:db8:0:1:ffff::1", 32, 64));
        assert_ne!(net("2001:db8:0:1::1", 32, 64), net("2001:db8:0:2::1", 32, 64));
    }
}
