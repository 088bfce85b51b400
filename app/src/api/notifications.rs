//! Notifications: what one was told, and telling others.

use super::{Data, Done, PageInfo, Request};
use crate::{
    domain::{
        id::{NotificationId, UserId},
        notification::NotificationType,
        role::Role,
        time::Timestamp,
    },
    events::{Cursors, NotificationNew},
};
use http::Method;
use serde::{Deserialize, Serialize};

/// Something that one was told.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct Notification {
    #[serde(flatten)]
    pub told: NotificationNew,
    /// Absent while it is unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Timestamp>,
}

/// Notifications, newest first, and the places in the streams at which they are true.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase")]
pub struct NotificationList {
    pub data: Vec<Notification>,
    pub page: PageInfo,
    /// How many are unread in all, whatever was asked for.
    pub unread_count: i64,
    #[cfg_attr(feature = "ssr", schema(value_type = std::collections::BTreeMap<String, std::collections::BTreeMap<String, crate::events::Cursor>>))]
    pub cursors: Cursors,
}

/// `GET /notifications`: one's own, newest first.
#[derive(Debug, Clone, Default)]
pub struct ListNotifications {
    /// Only those that one has not read, or only those that one has.
    pub unread: Option<bool>,
    pub cursor: Option<String>,
    pub limit: Option<u32>,
}

impl Request for ListNotifications {
    type Response = NotificationList;
    const METHOD: Method = Method::GET;
    fn path(&self) -> String {
        let mut query = Vec::new();
        query.extend(self.unread.map(|unread| format!("unread={unread}")));
        query.extend(self.cursor.as_ref().map(|cursor| format!("cursor={cursor}")));
        query.extend(self.limit.map(|limit| format!("limit={limit}")));
        format!("/notifications?{}", query.join("&"))
    }
}

/// `POST /notifications/{id}/read`.
#[derive(Debug, Clone)]
pub struct MarkNotificationRead(pub NotificationId);

impl Request for MarkNotificationRead {
    type Response = Data<Done>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        format!("/notifications/{}/read", self.0)
    }
}

/// `POST /notifications/read-all`.
#[derive(Debug, Clone)]
pub struct MarkAllNotificationsRead;

impl Request for MarkAllNotificationsRead {
    type Response = Data<AllRead>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/notifications/read-all".into()
    }
}

/// What reading all came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct AllRead {
    /// How many were unread.
    pub read: i64,
}

/// `POST /notifications`: tells persons, or everybody of a role; one of the two is given. Needs `tenant_manage`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TellPeople {
    /// 1 to 500 persons of the tenant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_ids: Option<Vec<UserId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<Role>,
    #[serde(rename = "type")]
    pub kind: NotificationType,
    /// 1 to 120 characters.
    pub title: String,
    /// 1 to 2,000 characters.
    pub message: String,
    /// Path of a page of the site, such as `/loads/…`; at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

impl Request for TellPeople {
    type Response = Data<Told>;
    const METHOD: Method = Method::POST;
    fn path(&self) -> String {
        "/notifications".into()
    }
    fn body(&self) -> serde_json::Result<Option<String>> {
        serde_json::to_string(self).map(Some)
    }
}

/// Whom a notification went to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Told {
    /// How many persons.
    pub told: i64,
}
