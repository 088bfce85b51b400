//! Notifications: what persons are to be told, kept until they have read it.

use super::{Caller, ServiceError, Services, wording};
use crate::{
    store::{StoreError, notifications, users},
    stream::{Audience, Change},
};
use app::{
    api::{
        PageInfo,
        notifications::{NotificationList, TellPeople},
    },
    domain::{
        id::{NotificationId, UserId},
        load::LoadCard,
        notification::NotificationType,
        role::{Permission, Role},
    },
    events::{Namespace, NotificationNew, NotificationRead},
};
use std::collections::BTreeSet;
use uuid::Uuid;

const TITLE_CHARS: usize = 120;
const MESSAGE_CHARS: usize = 2_000;
/// How many persons one call tells by name.
const PERSONS: usize = 500;

/// What is to be told, to whomever.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotificationDraft {
    pub kind: NotificationType,
    pub title: String,
    pub message: String,
    /// Path of the page that it is about.
    pub link: Option<String>,
}

/// Which notifications to list.
#[derive(Debug, Clone)]
pub struct NotificationsRequest {
    pub unread: Option<bool>,
    /// Only those older than this one.
    pub before: Option<NotificationId>,
    pub limit: usize,
}

impl Services {
    /// Tells persons something, within a change: they hear of it once, and if, the change is committed.
    pub async fn notify(
        &self,
        change: &mut Change,
        persons: &[UserId],
        draft: NotificationDraft,
    ) -> Result<(), StoreError> {
        // In order, so that two changes that tell the same persons wait for one another instead of both.
        let persons: BTreeSet<UserId> = persons.iter().copied().collect();
        for person in persons {
            let notification = NotificationNew {
                id: NotificationId(Uuid::now_v7()),
                kind: draft.kind,
                title: draft.title.clone(),
                message: draft.message.clone(),
                link: draft.link.clone(),
                user_id: Some(person),
                created_at: change.now,
            };
            notifications::insert(&mut change.tx, change.tenant, person, &notification).await?;
            change.record_outside(&to_one(person), None, &notification)?;
        }
        Ok(())
    }

    /// Tells the load's dispatcher, or else all dispatchers, that the carrier turned the tender down. Not whoever did it.
    pub(super) async fn notify_of_decline(
        &self,
        change: &mut Change,
        load: &LoadCard,
        reason: Option<&str>,
    ) -> Result<(), StoreError> {
        let dispatcher = match &load.dispatcher {
            Some(dispatcher) => users::find_addressee(&mut change.tx, change.tenant, dispatcher.id).await?,
            None => None,
        };
        let mut persons = match dispatcher {
            Some(dispatcher) => vec![dispatcher.id],
            None => users::list_of_role(&mut change.tx, change.tenant, Role::Dispatcher).await?,
        };
        persons.retain(|person| Some(*person) != change.actor);
        let number = &load.load_number;
        let carrier = load.carrier.as_ref().map_or("The carrier", |carrier| carrier.name.as_str());
        // A tender that nobody turned down has run out.
        let (title, did) = match change.actor {
            Some(_) => ("Tender declined", "declined"),
            None => ("Tender expired", "did not answer the tender of"),
        };
        let message = match reason {
            Some(reason) => format!("{carrier} {did} {number}: {reason}"),
            None => format!("{carrier} {did} {number}"),
        };
        let draft = NotificationDraft {
            kind: NotificationType::Warning,
            title: title.into(),
            message,
            link: Some(format!("/loads/{}", load.id)),
        };
        self.notify(change, &persons, draft).await
    }

    /// Tells persons of the tenant, or everybody of a role, what an admin has to say. Returns how many.
    pub async fn tell_people(&self, caller: &Caller, request: TellPeople) -> Result<usize, ServiceError> {
        if !caller.may(Permission::TenantManage) {
            let message = "Your role may not send notifications.".into();
            return Err(ServiceError::Forbidden { rule: "tenant_manage", message });
        }
        let draft = NotificationDraft {
            kind: request.kind,
            title: wording::text("title", &request.title, TITLE_CHARS)?,
            message: wording::text("message", &request.message, MESSAGE_CHARS)?,
            link: wording::site_path("link", request.link)?,
        };
        let mut change = self.begin(caller).await?;
        let persons = match (request.user_ids, request.role) {
            (Some(persons), None) => self.addressees(&mut change, persons).await?,
            (None, Some(role)) => users::list_of_role(&mut change.tx, caller.tenant, role).await?,
            _ => return Err(ServiceError::field("userIds", "or role is given, one of the two")),
        };
        self.notify(&mut change, &persons, draft).await?;
        change.commit().await?;
        Ok(persons.len())
    }

    /// Those of the tenant, each once.
    async fn addressees(&self, change: &mut Change, persons: Vec<UserId>) -> Result<Vec<UserId>, ServiceError> {
        let persons: BTreeSet<UserId> = persons.into_iter().collect();
        if !(1..=PERSONS).contains(&persons.len()) {
            return Err(ServiceError::field("userIds", format_args!("takes 1 to {PERSONS} persons")));
        }
        for person in &persons {
            let found = users::find_addressee(&mut change.tx, change.tenant, *person).await?;
            found.ok_or(ServiceError::NotFound("user"))?;
        }
        Ok(persons.into_iter().collect())
    }

    /// The caller's notifications, newest first.
    pub async fn notifications(
        &self,
        caller: &Caller,
        request: NotificationsRequest,
    ) -> Result<NotificationList, ServiceError> {
        let me = own(caller)?;
        let NotificationsRequest { unread, before, limit } = request;
        let (mut tx, cursors) = self.begin_snapshot(&caller.streams(Namespace::Notifications)).await?;
        // One more than asked for tells whether there is a next page.
        let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let (mut data, total) = notifications::list(&mut tx, me, unread, before, most).await?;
        let has_more = data.len() > limit;
        data.truncate(limit);
        let next = data.last().filter(|_| has_more).map(|notification| notification.told.id.to_string());
        let unread_count = notifications::count_unread(&mut tx, me).await?;
        Ok(NotificationList { data, page: PageInfo { next, total }, unread_count, cursors })
    }

    /// Notes that the caller has read a notification, and tells the caller's devices. Reading it again changes nothing.
    pub async fn read_notification(&self, caller: &Caller, notification: NotificationId) -> Result<(), ServiceError> {
        if self.mark_read(caller, Some(notification)).await? > 0 {
            return Ok(());
        }
        let mut tx = self.database.begin_snapshot().await?;
        let is_there = notifications::exists(&mut tx, own(caller)?, notification).await?;
        if is_there { Ok(()) } else { Err(ServiceError::NotFound("notification")) }
    }

    /// Notes that the caller has read everything. Returns how many were unread.
    pub async fn read_all_notifications(&self, caller: &Caller) -> Result<usize, ServiceError> {
        self.mark_read(caller, None).await
    }

    async fn mark_read(&self, caller: &Caller, one: Option<NotificationId>) -> Result<usize, ServiceError> {
        let me = own(caller)?;
        let mut change = self.begin(caller).await?;
        let read = notifications::mark_read(&mut change.tx, me, one, change.now).await?;
        for id in &read {
            let event = NotificationRead { id: *id, read_at: change.now };
            change.record_outside(&to_one(me), None, &event)?;
        }
        change.commit().await?;
        Ok(read.len())
    }
}

/// The stream of one person.
fn to_one(person: UserId) -> Audience {
    Audience { carriers: Vec::new(), users: vec![person] }
}

/// Only persons are told anything.
fn own(caller: &Caller) -> Result<UserId, ServiceError> {
    caller.person.as_ref().map(|person| person.id).ok_or(ServiceError::NotFound("notification"))
}
