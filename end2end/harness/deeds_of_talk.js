// What random users say to one another, allowed and not.

import { isStaff } from "./truth.js";
import { readMark } from "./verdict.js";

export const DEEDS_OF_TALK = {
  async write(mischief, dice) {
    const conversationId = mischief.conversation(dice);
    const body = `Words ${mischief.unique()}`;
    const socket = mischief.socket(dice, ({ namespace }) => namespace === "/chat");
    const person = socket?.person ?? dice.pick(mischief.people);
    await mischief.truth.send(body, conversationId, person, () => {
      if (socket && dice.chance(0.7)) return mischief.ask(socket, "message:send", { conversationId, body });
      return person.post(`/conversations/${conversationId}/messages`, { body });
    });
  },

  async type(mischief, dice) {
    const socket = mischief.socket(dice, ({ namespace }) => namespace === "/chat");
    if (!socket) return;
    // Mostly in one that was opened, which may have been lost since.
    const conversationId = socket.open.length > 0 && dice.chance(0.8) ? dice.pick(socket.open) : mischief.conversation(dice);
    await mischief.ask(socket, "typing", { conversationId, typing: dice.chance(0.5) });
  },

  async read(mischief, dice) {
    const socket = mischief.socket(dice, ({ namespace }) => namespace === "/chat");
    if (!socket || mischief.messages.length === 0) return;
    const { conversationId, id: messageId } = dice.pick(mischief.messages);
    const mark = readMark({ conversationId, messageId, userId: socket.person.user.id });
    // The same may be read twice; only the first is told.
    if (mischief.truth.sent.has(mark)) return;
    await mischief.truth.send(mark, conversationId, socket.person, () => mischief.ask(socket, "message:read", { conversationId, messageId }));
  },

  /** Two or three persons begin a conversation, sometimes with one who must not be in it. */
  async begin(mischief, dice) {
    const person = dice.pick(mischief.people.filter(isStaff));
    const others = [dice.pick(mischief.people), dice.pick(mischief.people)].filter(({ user }) => user.id !== person.user.id);
    const memberIds = [...new Set(others.map(({ user }) => user.id))];
    const answer = await person.post("/conversations", { memberIds, title: `Aside ${mischief.unique()}` });
    if (answer.status >= 300) return;
    const { id, members } = answer.json.data;
    mischief.truth.conversations.set(id, members.map((member) => member.id));
    mischief.truth.own(person.user.tenantId, { id });
    if (others.some(({ user }) => user.tenantId !== person.user.tenantId)) mischief.faults.push("a conversation over two tenants");
  },

  async tell(mischief, dice) {
    const admin = dice.pick(mischief.people.filter(({ user }) => user.role === "admin"));
    const told = mischief.colleague(dice, admin.user, "dispatcher", "carrier", "driver", "support");
    const message = `Told ${mischief.unique()}`;
    await admin.post("/notifications", { userIds: [told.user.id], type: "info", title: "For you alone", message });
  },

  /** A carrier is added; only an admin may, and only staff hear of it. */
  async enrol(mischief, dice) {
    const count = mischief.unique();
    const insuranceExpiresAt = new Date(Date.now() + 1e10).toISOString();
    const wish = { name: `Carrier ${count}`, mcNumber: `MC-${900_000 + count}`, insuranceExpiresAt };
    const person = dice.pick(mischief.people);
    const answer = await person.post("/carriers", wish);
    if (answer.status < 300) mischief.truth.own(person.user.tenantId, answer.json.data);
  },

  async announce(mischief, dice) {
    await dice.pick(mischief.people).post("/announcements", { message: `Announced ${mischief.unique()}` });
  },
};
