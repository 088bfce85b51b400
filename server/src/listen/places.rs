//! How many connections there may be: all together, and from one client's network.

use crate::client_address::{ClientAddress, ClientNetwork};
use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, PoisonError},
};

/// Files that the server needs for itself: the database, its log, the browser side, Redis.
const OWN_FILES: usize = 128;

/// The most connections that the process may have open, if it is fewer than `wanted`: without a file descriptor for it
/// a connection can't even be turned away.
pub fn that_files_allow(wanted: usize) -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let Some(files) = open_files(&limits) else { return wanted };
    let possible = files.saturating_sub(OWN_FILES).max(files / 2);
    if possible < wanted {
        tracing::warn!(
            files,
            "this process may open {files} files: {possible} connections at once instead of limits.connections = {wanted}"
        );
    }
    possible.min(wanted)
}

/// The number of files that a process may open, in the form of Linux's `/proc/self/limits`; none where it is unlimited.
fn open_files(limits: &str) -> Option<usize> {
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The places for connections.
#[derive(Clone)]
pub struct Places(Arc<Inner>);

struct Inner {
    most: usize,
    most_of_one: usize,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    by_network: HashMap<ClientNetwork, usize>,
}

/// A place that is taken as long as this lives.
pub struct Place {
    places: Places,
    network: Option<ClientNetwork>,
}

impl Places {
    pub fn new(most: usize, most_of_one: usize) -> Self {
        Self(Arc::new(Inner { most, most_of_one, taken: Mutex::default() }))
    }

    /// A place, if one is free.
    pub fn take(&self) -> Option<Place> {
        let mut taken = self.lock();
        if taken.all >= self.0.most {
            return None;
        }
        taken.all += 1;
        Some(Place { places: self.clone(), network: None })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Taken> {
        self.0.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Counts the place as one of a client's. False where the client has as many as it may already.
    pub fn count_for(&mut self, client: IpAddr) -> bool {
        let network = ClientAddress(client).network();
        let mut taken = self.places.lock();
        let count = taken.by_network.entry(network).or_default();
        if self.network.is_some() || *count >= self.places.0.most_of_one {
            return self.network.is_some();
        }
        *count += 1;
        drop(taken);
        self.network = Some(network);
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.places.lock();
        taken.all -= 1;
        if let Some(network) = self.network
            && let Some(count) = taken.by_network.get_mut(&network)
        {
            *count -= 1;
            if *count == 0 {
                taken.by_network.remove(&network);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 2));

    #[test]
    fn there_are_so_many_and_each_is_free_again_after_its_connection() {
        let places = Places::new(2, 1);
        let mut first = places.take().unwrap();
        assert!(first.count_for(HERE));
        let mut second = places.take().unwrap();
        assert!(!second.count_for(HERE), "one client has all that it may have");
        assert!(second.count_for(THERE));
        assert!(places.take().is_none());
        drop(first);
        assert!(places.take().unwrap().count_for(HERE));
        drop(second);
        let left = places.lock();
        assert_eq!((left.all, left.by_network.len()), (0, 0));
    }

    #[test]
    fn the_limit_of_open_files_is_read() {
        let limits = "Limit                     Soft Limit           Hard Limit           Units     \n\
                      Max open files            1024                 524288               files     \n";
        assert_eq!(open_files(limits), Some(1_024));
        assert_eq!(open_files("Max open files            unlimited            unlimited            files"), None);
        assert_eq!(open_files(""), None);
    }
}
