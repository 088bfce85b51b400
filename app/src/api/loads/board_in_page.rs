//! The board's snapshot as the page carries it: thousands of cards, of which the browser needs each at once.
//!
//! A fifth of the bytes of the JSON that `GET /loads/board` answers with, and read in a fraction of the time.

use super::Board;
use crate::{
    api::{
        Snapshot,
        pack::{Packer, Unpacker, Unreadable},
    },
    domain::{
        id::{CarrierId, DriverId, LoadId, UserId},
        load::{CarrierRef, DriverRef, Equipment, LoadCard, Person},
        money::{Currency, Finance, Money},
        status::LoadStatus,
        stop::{Appointment, Place, WindowKind},
        time::Timestamp,
    },
};
use serde::de::Error as _;

/// Writes the snapshot: all but the cards as JSON in a line, with their number, then the packed cards.
pub fn write(Snapshot { data: board, cursors }: &Snapshot<Board>) -> serde_json::Result<String> {
    let Board { cards, now, rules } = board;
    let mut text = serde_json::to_string(&(cursors, now, rules, cards.len()))?;
    text.push('\n');
    let mut packer = Packer::default();
    for card in cards {
        pack(&mut packer, card, base(*now));
        packer.end_row();
    }
    text.push_str(&packer.finish());
    Ok(text)
}

/// Reads what [`write`] has written.
pub fn read(text: &str) -> serde_json::Result<Snapshot<Board>> {
    let (head, packed) = text.split_once('\n').ok_or_else(|| serde_json::Error::custom(Unreadable))?;
    let (cursors, now, rules, count) = serde_json::from_str(head)?;
    let cards = unpack_all(packed, base(now), count).map_err(serde_json::Error::custom)?;
    Ok(Snapshot { data: Board { cards, now, rules }, cursors })
}

fn unpack_all(packed: &str, base: i64, count: usize) -> Result<Vec<LoadCard>, Unreadable> {
    let mut unpacker = Unpacker::new(packed)?;
    // A card has more letters than one.
    let mut cards = Vec::with_capacity(count.min(packed.len()));
    for _ in 0..count {
        cards.push(unpack(&mut unpacker, base)?);
        unpacker.end_row();
    }
    Ok(cards)
}

/// Times are told from here: most are whole seconds, and should stay so.
fn base(now: Timestamp) -> i64 {
    now.millis() - now.millis().rem_euclid(1_000)
}

/// Whole seconds are even, and short; what is not is odd.
fn pack_time(at: Timestamp, base: i64) -> i64 {
    let millis = at.millis() - base;
    if millis % 1_000 == 0 { millis / 1_000 * 2 } else { millis * 2 + 1 }
}

fn unpack_time(packed: i64, base: i64) -> Timestamp {
    let since = if packed % 2 == 0 { (packed / 2).saturating_mul(1_000) } else { (packed - 1) / 2 };
    Timestamp::from_millis(base.saturating_add(since))
}

/// Says every field: one that is added to the card without a line here does not compile.
fn pack(packer: &mut Packer, card: &LoadCard, base: i64) {
    let LoadCard {
        id,
        load_number,
        status,
        version,
        customer,
        origin,
        destination,
        stops_between,
        pickup,
        delivery,
        equipment,
        carrier,
        driver,
        dispatcher,
        finance,
        hot,
        exception,
        commodity,
        weight_lbs,
        miles,
        instructions,
        references,
        claimed_by,
        tender_returned,
        tender_expires_at,
        last_check_call_at,
        eta,
        on_track_at,
        status_since,
        created_at,
        updated_at,
        updated_by,
    } = card;
    packer.id(id.0);
    packer.text(load_number);
    packer.number(*status as i64);
    packer.number(*version);
    packer.word(customer);
    for Place { city, state } in [origin, destination] {
        packer.word(city);
        packer.word(state);
    }
    packer.number(i64::from(*stops_between));
    for Appointment { kind, start, end, zone, utc_offset } in [pickup, delivery] {
        packer.flag(*kind == WindowKind::Fixed);
        packer.number(pack_time(*start, base));
        packer.number(pack_time(*end, start.millis()));
        packer.word(zone);
        packer.number(i64::from(*utc_offset));
    }
    packer.number(*equipment as i64);
    packer.shared_id(carrier.as_ref().map(|carrier| carrier.id.0));
    packer.word(carrier.as_ref().map_or("", |carrier| &carrier.name));
    packer.shared_id(driver.as_ref().map(|driver| driver.id.0));
    packer.word(driver.as_ref().map_or("", |driver| &driver.name));
    let phone = driver.as_ref().and_then(|driver| driver.phone.as_deref());
    packer.flag(phone.is_some());
    packer.word(phone.unwrap_or_default());
    let [revenue, cost] = [finance.map(|finance| finance.revenue), finance.map(|finance| finance.carrier_cost)];
    for money in [revenue, cost] {
        packer.maybe_number(money.map(|money| money.amount));
        packer.number(money.map_or(0, |money| money.currency as i64));
    }
    packer.flag(*hot);
    packer.flag(*exception);
    packer.word(commodity);
    packer.number(i64::from(*weight_lbs));
    packer.number(i64::from(*miles));
    packer.word(instructions);
    packer.texts(references);
    for person in [dispatcher, claimed_by, updated_by] {
        packer.shared_id(person.as_ref().map(|person| person.id.0));
        packer.word(person.as_ref().map_or("", |person| &person.name));
    }
    packer.flag(tender_returned.is_some());
    packer.word(tender_returned.as_deref().unwrap_or_default());
    for at in [tender_expires_at, last_check_call_at, eta, on_track_at] {
        packer.maybe_number(at.map(|at| pack_time(at, base)));
    }
    for at in [status_since, created_at, updated_at] {
        packer.number(pack_time(*at, base));
    }
}

fn unpack(unpacker: &mut Unpacker<'_>, base: i64) -> Result<LoadCard, Unreadable> {
    let id = LoadId(unpacker.id()?);
    let load_number = unpacker.text()?;
    let status = pick(&LoadStatus::ALL, unpacker.number()?)?;
    let version = unpacker.number()?;
    let customer = unpacker.word()?.to_owned();
    let [origin, destination] = [place(unpacker)?, place(unpacker)?];
    let stops_between = unpacker.small()?;
    let [pickup, delivery] = [appointment(unpacker, base)?, appointment(unpacker, base)?];
    let equipment = pick(&Equipment::ALL, unpacker.number()?)?;
    let (id_of_carrier, name) = (unpacker.shared_id()?, unpacker.word()?);
    let carrier = id_of_carrier.map(|id| CarrierRef { id: CarrierId(id), name: name.to_owned() });
    let (id_of_driver, name) = (unpacker.shared_id()?, unpacker.word()?);
    let (has_phone, phone) = (unpacker.flag()?, unpacker.word()?);
    let phone = has_phone.then(|| phone.to_owned());
    let driver = id_of_driver.map(|id| DriverRef { id: DriverId(id), name: name.to_owned(), phone });
    let [revenue, cost] = [money(unpacker)?, money(unpacker)?];
    let finance = revenue.zip(cost).map(|(revenue, carrier_cost)| Finance { revenue, carrier_cost });
    let (hot, exception) = (unpacker.flag()?, unpacker.flag()?);
    let commodity = unpacker.word()?.to_owned();
    let (weight_lbs, miles) = (unpacker.small()?, unpacker.small()?);
    let instructions = unpacker.word()?.to_owned();
    let references = unpacker.texts()?;
    let [dispatcher, claimed_by, updated_by] = [person(unpacker)?, person(unpacker)?, person(unpacker)?];
    let (is_returned, why) = (unpacker.flag()?, unpacker.word()?);
    let tender_returned = is_returned.then(|| why.to_owned());
    let mut maybe_time = || Ok(unpacker.maybe_number()?.map(|packed| unpack_time(packed, base)));
    let [tender_expires_at, last_check_call_at, eta, on_track_at] =
        [maybe_time()?, maybe_time()?, maybe_time()?, maybe_time()?];
    let mut time = || unpacker.number().map(|packed| unpack_time(packed, base));
    Ok(LoadCard {
        id,
        load_number,
        status,
        version,
        customer,
        origin,
        destination,
        stops_between,
        pickup,
        delivery,
        equipment,
        carrier,
        driver,
        dispatcher,
        finance,
        hot,
        exception,
        commodity,
        weight_lbs,
        miles,
        instructions,
        references,
        claimed_by,
        tender_returned,
        tender_expires_at,
        last_check_call_at,
        eta,
        on_track_at,
        status_since: time()?,
        created_at: time()?,
        updated_at: time()?,
        updated_by,
    })
}

/// What stands at a place of a list; its values are numbered in the order in which they are declared.
fn pick<T: Copy>(all: &[T], number: i64) -> Result<T, Unreadable> {
    usize::try_from(number).ok().and_then(|index| all.get(index)).copied().ok_or(Unreadable)
}

fn place(unpacker: &mut Unpacker<'_>) -> Result<Place, Unreadable> {
    Ok(Place { city: unpacker.word()?.to_owned(), state: unpacker.word()?.to_owned() })
}

fn appointment(unpacker: &mut Unpacker<'_>, base: i64) -> Result<Appointment, Unreadable> {
    let kind = if unpacker.flag()? { WindowKind::Fixed } else { WindowKind::Fcfs };
    let start = unpack_time(unpacker.number()?, base);
    let end = unpack_time(unpacker.number()?, start.millis());
    Ok(Appointment { kind, start, end, zone: unpacker.word()?.to_owned(), utc_offset: unpacker.small()? })
}

fn money(unpacker: &mut Unpacker<'_>) -> Result<Option<Money>, Unreadable> {
    let (amount, currency) = (unpacker.maybe_number()?, unpacker.number()?);
    let currency = pick(&[Currency::USD, Currency::CAD, Currency::MXN], currency)?;
    Ok(amount.map(|amount| Money { amount, currency }))
}

fn person(unpacker: &mut Unpacker<'_>) -> Result<Option<Person>, Unreadable> {
    let (id, name) = (unpacker.shared_id()?, unpacker.word()?);
    Ok(id.map(|id| Person { id: UserId(id), name: name.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        api::loads::BoardRules,
        domain::test_cards::{NOW, card, card_in},
        events::{Cursor, Namespace},
    };
    use uuid::Uuid;

    fn snapshot(cards: Vec<LoadCard>) -> Snapshot<Board> {
        let cursor = Cursor { epoch: "e".into(), seq: 7 };
        let cursors = [(Namespace::Dispatch, [("tenant".to_owned(), cursor)].into())].into();
        let rules = BoardRules { check_call_interval: 7 };
        Snapshot { data: Board { cards, now: NOW.plus(123), rules }, cursors }
    }

    /// With everything that a card may have, and words that JSON, scripts and HTML would have to escape.
    fn full(number: u128) -> LoadCard {
        let person = |id, name: &str| Some(Person { id: UserId(Uuid::from_u128(id)), name: name.into() });
        let mut card = card(number);
        card.customer = "O'Brien \"&\" <Söhne>\n\\".into();
        card.driver = card.driver.map(|driver| DriverRef { phone: Some("(717) 555-0196".into()), ..driver });
        card.dispatcher = person(11, "Maria Alvarez");
        card.claimed_by = person(12, "");
        card.updated_by = person(11, "Maria Alvarez");
        card.finance = Some(Finance {
            revenue: Money { amount: i64::MAX, currency: Currency::CAD },
            carrier_cost: Money { amount: -1, currency: Currency::MXN },
        });
        card.hot = true;
        card.exception = true;
        card.stops_between = 3;
        card.pickup.kind = WindowKind::Fcfs;
        card.equipment = Equipment::PowerOnly;
        card.weight_lbs = i32::MIN;
        card.instructions = "Dry, smooth floor.".into();
        card.references = vec!["PO 4500459781".into(), String::new(), "BOL 7".into()];
        card.tender_returned = Some("No truck | none at all".into());
        card.tender_expires_at = Some(NOW.plus(-1));
        card.last_check_call_at = Some(Timestamp::from_millis(i64::MIN));
        card.eta = Some(NOW.plus(500));
        card.on_track_at = Some(NOW);
        card.created_at = Timestamp::from_millis(i64::MAX);
        card
    }

    #[test]
    fn every_part_of_a_card_comes_back_as_it_was() {
        let bare = LoadCard { carrier: None, driver: None, ..card(2) };
        let mut cards = vec![card(1), full(2), bare, full(3), full(2)];
        cards.extend(LoadStatus::ALL.into_iter().map(|status| card_in(9, status)));
        cards.extend(Equipment::ALL.into_iter().map(|equipment| LoadCard { equipment, ..card(9) }));
        let sent = snapshot(cards);
        assert_eq!(read(&write(&sent).unwrap()).unwrap(), sent);
    }

    #[test]
    fn an_empty_board_is_one_too() {
        let sent = snapshot(vec![]);
        assert_eq!(read(&write(&sent).unwrap()).unwrap(), sent);
    }

    #[test]
    fn it_takes_a_fifth_of_the_bytes_of_the_json() {
        let sent = snapshot((0..500).map(card).collect());
        let [packed, json] = [write(&sent).unwrap(), serde_json::to_string(&sent).unwrap()].map(|text| text.len());
        assert!(packed * 5 < json, "{packed} of {json}");
    }

    #[test]
    fn what_is_no_board_is_refused() {
        let text = write(&snapshot(vec![card(1), full(2)])).unwrap();
        for broken in ["", "{}", "[{},null,1]\n", &text[..text.len() - 1], &text.replacen(",2]", ",3]", 1)] {
            assert!(read(broken).is_err(), "{broken}");
        }
    }
}
