-- Conversations about loads and between persons, and what persons are told.

CREATE TABLE conversations (
    -- That of a load bears the load's id.
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    load_id TEXT REFERENCES loads (id),
    title TEXT,
    -- Whose the conversation without a title is, where it is between two: both ids, in order.
    pair TEXT,
    created_at BIGINT NOT NULL,
    -- When the last message was sent, or else when it began.
    active_at BIGINT NOT NULL,
    -- The number of the last message.
    last_number BIGINT NOT NULL,
    CONSTRAINT conversations_pair_unique UNIQUE (tenant_id, pair)
);

CREATE INDEX conversations_by_activity ON conversations (tenant_id, active_at, id);

-- Of those between persons. Who takes part in the conversation of a load follows from the load.
CREATE TABLE conversation_members (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    PRIMARY KEY (conversation_id, user_id)
);

CREATE INDEX conversation_members_by_user ON conversation_members (user_id);

CREATE TABLE messages (
    id TEXT PRIMARY KEY,
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    -- Counts the messages of the conversation in the order of their commits.
    number BIGINT NOT NULL,
    author_id TEXT NOT NULL REFERENCES users (id),
    body TEXT NOT NULL,
    sent_at BIGINT NOT NULL,
    client_id TEXT,
    -- Who had the load when it was said: other outside parties do not get to see it, whoever has the load later.
    carrier_id TEXT REFERENCES carriers (id),
    CONSTRAINT messages_number_unique UNIQUE (conversation_id, number),
    CONSTRAINT messages_client_id_unique UNIQUE (conversation_id, author_id, client_id)
);

-- The last message that each person has read.
CREATE TABLE read_marks (
    conversation_id TEXT NOT NULL REFERENCES conversations (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    message_id TEXT NOT NULL REFERENCES messages (id),
    number BIGINT NOT NULL,
    read_at BIGINT NOT NULL,
    PRIMARY KEY (conversation_id, user_id)
);

CREATE TABLE notifications (
    id TEXT PRIMARY KEY,
    tenant_id TEXT NOT NULL REFERENCES tenants (id),
    user_id TEXT NOT NULL REFERENCES users (id),
    type TEXT NOT NULL,
    title TEXT NOT NULL,
    message TEXT NOT NULL,
    link TEXT,
    created_at BIGINT NOT NULL,
    read_at BIGINT
);

CREATE INDEX notifications_by_user ON notifications (user_id, id);
CREATE INDEX notifications_unread ON notifications (user_id) WHERE read_at IS NULL;
