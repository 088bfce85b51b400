//! Who is shut out although their tokens have not ended: sessions that were logged out, and people whose password was
//! changed or who were removed.

use super::token::Claims;
use crate::{
    store::{Database, StoreError, sessions},
    stream::Room,
};
use app::domain::{id::UserId, time::Timestamp};
use std::{
    collections::HashMap,
    sync::{PoisonError, RwLock},
};

#[derive(Default)]
pub struct ShutOut(RwLock<Lists>);

#[derive(Default)]
struct Lists {
    /// Until their last token would have ended by itself.
    sessions: HashMap<String, Timestamp>,
    /// The generation of tokens that is valid.
    generations: HashMap<UserId, i64>,
}

impl ShutOut {
    pub fn holds(&self, claims: &Claims) -> bool {
        let lists = self.0.read().unwrap_or_else(PoisonError::into_inner);
        lists.sessions.contains_key(&claims.sid)
            || lists.generations.get(&claims.sub).is_some_and(|valid| claims.generation < *valid)
    }

    pub fn add_session(&self, session: String, until: Timestamp, now: Timestamp) {
        let mut lists = self.0.write().unwrap_or_else(PoisonError::into_inner);
        lists.sessions.retain(|_, until| *until > now);
        lists.sessions.insert(session, until);
    }

    pub fn add_person(&self, user: UserId, generation: i64) {
        let mut lists = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let valid = lists.generations.entry(user).or_insert(0);
        *valid = generation.max(*valid);
    }

    /// Reads both from the database. Returns the rooms of those who were not here yet.
    pub async fn read(&self, database: &Database, now: Timestamp) -> Result<Vec<Room>, StoreError> {
        let sessions = sessions::list_revoked(database, now).await?;
        let generations = sessions::list_generations(database).await?;
        let mut lists = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let mut rooms = Vec::new();
        for (session, until) in sessions {
            if lists.sessions.insert(session.clone(), until).is_none() {
                rooms.push(Room::Session(session));
            }
        }
        for (user, generation) in generations {
            let valid = lists.generations.entry(user).or_insert(0);
            if *valid < generation {
                *valid = generation;
                rooms.push(Room::User(user));
            }
        }
        Ok(rooms)
    }
}
