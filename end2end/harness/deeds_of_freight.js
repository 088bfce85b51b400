// What random users do to loads, on the road and in the cold chain, allowed and not.

import { STATUSES, book, fitCarrier } from "./trade.js";
import { isStaff } from "./truth.js";
import { positionMark } from "./verdict.js";

/** A longitude that no other report has. */
const positionOf = (count) => -120 + count / 10_000;

const usd = (amount) => ({ amount, currency: "USD" });

export const DEEDS_OF_FREIGHT = {
  /** A step forward, back, or a decline, by whoever may take it or may not. */
  async step(mischief, dice) {
    const load = mischief.load(dice);
    const { status, version } = load.now;
    const place = STATUSES.indexOf(status);
    const isBack = place > 1 && dice.chance(0.35);
    const next = STATUSES[place + (isBack ? -1 : 1)];
    if (!next || status === "CANCELLED") return;
    const roles = ["admin", "admin", "ops_manager", "dispatcher", "support", "carrier", "driver"];
    const person = mischief.colleague(dice, load, dice.pick(roles));
    const reason = isBack ? { reason: "Mischief" } : {};
    // An office says it by the names of the trade as often.
    const verb = { ACCEPTED: "accept", PENDING: "reject" }[next];
    const byVerb = verb && person.user.role === "carrier" && dice.chance(0.5);
    await mischief.change(load, () => {
      if (byVerb) return person.post(`/loads/${load.id}/${verb}`, { version, ...reason });
      return person.patch(`/loads/${load.id}/status`, { status: next, version, ...reason });
    });
  },

  /** A load that is not offered yet goes to a carrier, by turns the one with a login and another. */
  async hand(mischief, dice) {
    const load = mischief.load(dice, ({ now }) => ["PLANNING", "PENDING"].includes(now.status));
    if (!load) return this.takeBack(mischief, dice);
    const admin = mischief.colleague(dice, load, "admin");
    const office = mischief.colleague(dice, load, "carrier");
    const carrierId = dice.chance(0.6) ? office.user.carrierId : await fitCarrier(admin, office.user.carrierId);
    await mischief.change(load, ({ version }) => admin.patch(`/loads/${load.id}`, { version, carrierId }));
  },

  /** Books a load, so that there is always something to hand out. */
  async takeBack(mischief, dice) {
    const admin = mischief.colleague(dice, mischief.load(dice), "admin");
    const from = Date.now();
    mischief.truth.addLoad(admin, await book(admin, { finance: { revenue: usd(100_000), carrierCost: usd(80_000) } }), from);
  },

  /** The driver with a login is put on a load or taken off it, or the money changes. */
  async patch(mischief, dice) {
    const load = mischief.load(dice);
    const admin = mischief.colleague(dice, load, "admin", "ops_manager");
    const cab = mischief.colleague(dice, load, "driver");
    const change = dice.weighted({ driver: 3, money: 2, mark: 1 });
    const fields = {
      driver: { driverId: dice.chance(0.6) ? cab.user.driverId : mischief.otherDrivers.get(load.tenantId) },
      money: { finance: { revenue: usd(100_000 + dice.below(1_000)), carrierCost: usd(90_000) } },
      mark: { hot: dice.chance(0.5) },
    }[change];
    await mischief.change(load, ({ version }) => admin.patch(`/loads/${load.id}`, { version, ...fields }));
  },

  /** A position, of the driver's phone or from another system, of a load of whichever tenant. */
  async report(mischief, dice) {
    const load = mischief.load(dice, ({ now }) => STATUSES.indexOf(now.status) >= STATUSES.indexOf("DISPATCHED"));
    if (!load) return;
    const lng = positionOf(mischief.unique());
    const payload = { loadId: load.id, lat: 30 + dice.below(10), lng };
    await mischief.truth.send(positionMark(lng), load.id, undefined, async () => {
      const socket = mischief.socket(dice, ({ namespace }) => namespace === "/tracking");
      if (socket && dice.chance(0.5)) return mischief.ask(socket, "location:update", payload);
      const { status, json } = await dice.pick(mischief.people.filter(isStaff)).post("/positions", [payload]);
      return status === 200 && json;
    });
  },

  /** Somebody is on a load, or no more. Nothing of it changes by that. */
  async claim(mischief, dice) {
    const load = mischief.load(dice);
    await dice.pick(mischief.people).post(`/loads/${load.id}/claim`, { claimed: dice.chance(0.7), takeOver: true });
  },

  /** Hears the readings of a unit or site of whichever tenant, or asks for the newest. */
  async watch(mischief, dice) {
    const socket = mischief.socket(dice, ({ namespace }) => namespace === "/tracking");
    const { id: unitId, siteId } = dice.pick(mischief.units);
    const [command, payload] = dice.pick([
      ["subscribe:unit", { unitId }], ["subscribe:site", { siteId }], ["unsubscribe:unit", { unitId }], ["get:latest", unitId],
    ]);
    if (socket) await mischief.ask(socket, command, payload);
  },

  /** Reports one reading or two, over the socket or REST, by whoever; out of range now and then. */
  async measure(mischief, dice) {
    const unitId = dice.pick(mischief.units).id;
    const socket = mischief.socket(dice, ({ namespace }) => namespace === "/tracking");
    const reading = () => ({ temperature: dice.chance(0.3) ? 20 : -18, deviceId: `probe-${mischief.unique()}` });
    if (socket && dice.chance(0.4)) return mischief.ask(socket, "sensor:reading", { unitId, ...reading() });
    const readings = dice.chance(0.5) ? reading() : [reading(), { ...reading(), recordedAt: new Date().toISOString() }];
    await dice.pick(mischief.people).post(`/units/${unitId}/readings`, readings);
  },

  async checkCall(mischief, dice) {
    const load = mischief.load(dice);
    const notes = `Check call ${mischief.unique()}`;
    const call = { location: { lat: 40, lng: -90 }, notes };
    const person = dice.pick(mischief.people);
    const answer = await mischief.truth.send(notes, load.id, person, () => person.post(`/loads/${load.id}/check-calls`, call));
    if (answer.status < 300 && person.user.tenantId !== load.tenantId) mischief.faults.push("a check call of another tenant");
  },
};
