//! An example of each body that the API takes.

use serde_json::{Value, json};

const LOAD: &str = "019ab5f2-8c40-7a11-9d3e-5b1f0c6a7e21";
const CARRIER: &str = "019ab5f2-8c40-7b22-8e4f-6c2a1d7b8f32";
const DRIVER: &str = "019ab5f2-8c40-7c33-9f50-7d3b2e8c9043";
const PICKUP: &str = "019ab5f2-8c40-7d44-8a61-8e4c3f9da154";
const DELIVERY: &str = "019ab5f2-8c40-7e55-9b72-9f5d40aeb265";
const PERSON: &str = "019ab5f2-8c40-7f66-8c83-a06e51bfc376";

/// The example of a schema that stands for a body; `None` for others.
pub fn of(schema: &str) -> Option<Value> {
    let seen = json!([{ "id": LOAD, "version": 3 }]);
    let window = |start: &str, end: &str| json!({ "kind": "FCFS", "start": start, "end": end });
    let stops = json!([
        { "kind": "pickup", "facilityId": PICKUP, "window": window("2026-12-03T14:00:00.000Z", "2026-12-03T18:00:00.000Z") },
        { "kind": "delivery", "facilityId": DELIVERY, "window": window("2026-12-05T15:00:00.000Z", "2026-12-05T20:00:00.000Z") },
    ]);
    let dollars = |amount: i64| json!({ "amount": amount, "currency": "USD" });
    let joliet = json!({ "lat": 41.4878, "lng": -88.0812 });
    let position = json!({
        "loadId": LOAD, "lat": 40.1164, "lng": -88.2434, "heading": 182.0, "speed": 61.5,
        "recordedAt": "2026-12-03T21:10:00.000Z",
    });
    let reading = json!({
        "deviceId": "probe-2", "temperature": -18.4, "humidity": 61.0, "battery": 87.0, "signalStrength": -71.0,
        "recordedAt": "2026-12-03T21:10:00.000Z",
    });
    Some(match schema {
        "Acceptance" | "Undo" => json!({ "version": 3 }),
        "Announce" => json!({ "message": "Gate 4 of the Joliet yard is closed until noon." }),
        "Assignment" => json!({ "version": 1, "carrierId": CARRIER, "driverId": DRIVER }),
        "BeginConversation" => json!({ "memberIds": [PERSON], "title": "Holiday cover" }),
        "BulkAssign" => json!({ "loads": seen, "carrierId": CARRIER }),
        "BulkDispatch" => json!({ "loads": seen }),
        "BulkStatus" => json!({ "loads": seen, "status": "PENDING" }),
        "CarrierPatch" => json!({ "phone": "815-555-0142", "insuranceExpiresAt": "2027-12-31T23:59:59.000Z" }),
        "ChangePassword" => json!({ "currentPassword": "correct horse", "newPassword": "battery staple" }),
        "Claim" => json!({ "claimed": true }),
        "CreateCarrier" => json!({
            "name": "Swift River Transport", "mcNumber": "MC-482913", "phone": "815-555-0142",
            "insuranceExpiresAt": "2027-06-30T23:59:59.000Z", "compliance": "approved",
        }),
        "CreateFacility" => json!({
            "name": "Joliet crossdock", "address": "2500 Laraway Rd", "place": { "city": "Joliet", "state": "IL" },
            "zone": "America/Chicago", "location": joliet, "geofenceMiles": 0.5,
        }),
        "CreateLoad" => json!({
            "customer": "Prairie Paper", "equipment": "dry_van", "stops": stops, "commodity": "Paper rolls",
            "weightLbs": 42_000, "miles": 968, "instructions": "Check in at gate 4.", "references": ["PO-48213"],
            "hot": false, "carrierId": CARRIER,
            "finance": { "revenue": dollars(285_000), "carrierCost": dollars(231_500) },
        }),
        "CreateSite" => json!({ "name": "Joliet yard", "city": "Joliet", "state": "IL" }),
        "CreateUnit" => json!({
            "siteId": PICKUP, "name": "Reefer 12", "kind": "trailer", "minTemperature": -20.0, "maxTemperature": -15.0,
            "minDurationMs": 300_000,
        }),
        "CreateUser" => json!({
            "email": "maria@prairie-freight.example", "name": "Maria Lopez", "role": "dispatcher", "password": "correct horse",
        }),
        "Dispatch" => json!({ "version": 4, "driverId": DRIVER }),
        "EtaSaid" => json!({ "eta": "2026-12-05T16:30:00.000Z", "note": "Snow near Champaign", "version": 5 }),
        "ExportLoads" => json!({ "ids": [LOAD] }),
        "FacilityPatch" => json!({ "geofenceMiles": 0.75 }),
        "ImportLoads" => json!({
            "csv": "customer,equipment,pickup_facility,pickup_start,pickup_end,delivery_facility,delivery_start,delivery_end\n\
                    Prairie Paper,dry_van,Joliet crossdock,2026-12-03 08:00,2026-12-03 12:00,Dallas dock,2026-12-05 09:00,2026-12-05 09:00\n",
            "confirm": false,
        }),
        "LoadPatch" => json!({ "version": 2, "hot": true, "instructions": "Check in at gate 7." }),
        "Login" => json!({ "email": "maria@prairie-freight.example", "password": "correct horse" }),
        "NewCheckCall" => json!({
            "location": { "lat": 40.1164, "lng": -88.2434 }, "notes": "Fuelled in Champaign, on time.",
            "eta": "2026-12-05T16:30:00.000Z",
        }),
        "NewMessage" => json!({ "body": "Which dock?", "clientId": "m-20261203-1" }),
        "NewPassword" => json!({ "password": "battery staple" }),
        "NewReadings" => json!([reading]),
        "PresetPatch" => json!({ "name": "My hot loads" }),
        "ReadUpTo" => json!({ "messageId": LOAD }),
        "Rejection" => json!({ "version": 3, "reason": "No truck near Chicago" }),
        "ReportPositions" => json!([position]),
        "SavePreset" => json!({ "name": "Hot in Illinois", "query": "priority=hot&from=IL" }),
        "StatusChange" => json!({ "status": "IN_TRANSIT", "version": 7 }),
        "StopPassage" => json!({ "version": 5, "at": "2026-12-03T15:05:00.000Z" }),
        "TellPeople" => json!({
            "role": "dispatcher", "type": "info", "title": "New rate sheet", "message": "It holds from Monday on.",
            "link": "/loads",
        }),
        "Tender" => json!({ "version": 2, "carrierId": CARRIER, "windowMinutes": 30 }),
        "UnitPatch" => json!({ "maxTemperature": -16.0 }),
        "UserPatch" => json!({ "role": "ops_manager" }),
        _ => return None,
    })
}
