/** The API's crime categories, by id (https://data.police.uk/docs/method/crime-categories/). */
export const CRIME_CATEGORIES: Record<string, string> = {
  "all-crime": "All crime",
  "anti-social-behaviour": "Anti-social behaviour",
  "bicycle-theft": "Bicycle theft",
  burglary: "Burglary",
  "criminal-damage-arson": "Criminal damage and arson",
  drugs: "Drugs",
  "other-theft": "Other theft",
  "possession-of-weapons": "Possession of weapons",
  "public-order": "Public order",
  robbery: "Robbery",
  shoplifting: "Shoplifting",
  "theft-from-the-person": "Theft from the person",
  "vehicle-crime": "Vehicle crime",
  "violent-crime": "Violence and sexual offences",
  "other-crime": "Other crime",
};

/** Codes of outcomes by the names that crimes carry (https://data.police.uk/docs/method/outcomes-at-location/). */
const OUTCOME_CODES: Record<string, string> = {
  "Action to be taken by another organisation": "action-taken-by-another-organisation",
  "Awaiting court outcome": "awaiting-court-result",
  "Court case unable to proceed": "unable-to-proceed",
  "Court result unavailable": "court-result-unavailable",
  "Defendant found not guilty": "not-guilty",
  "Defendant sent to Crown Court": "sent-to-crown-court",
  "Formal action is not in the public interest": "formal-action-not-in-public-interest",
  "Further investigation is not in the public interest":
    "further-investigation-not-in-public-interest",
  "Investigation complete; no suspect identified": "no-further-action",
  "Local resolution": "local-resolution",
  "Offender deprived of property": "deprived-of-property",
  "Offender fined": "fined",
  "Offender given a caution": "cautioned",
  "Offender given a drugs possession warning": "drugs-possession-warning",
  "Offender given absolute discharge": "absolute-discharge",
  "Offender given community sentence": "community-penalty",
  "Offender given conditional discharge": "conditional-discharge",
  "Offender given penalty notice": "penalty-notice-issued",
  "Offender given suspended prison sentence": "suspended-sentence",
  "Offender ordered to pay compensation": "compensation",
  "Offender otherwise dealt with": "other-court-disposal",
  "Offender sent to prison": "imprisoned",
  "Suspect charged": "charged",
  "Suspect charged as part of another case": "sentenced-in-another-case",
  "Unable to prosecute suspect": "unable-to-prosecute",
  "Under investigation": "under-investigation",
};

/** The code of an outcome's name; a name we do not know becomes a code of its own. */
export function outcomeCode(name: string): string {
  return OUTCOME_CODES[name] ?? name.toLowerCase().replaceAll(/[^a-z]+/g, "-");
}
