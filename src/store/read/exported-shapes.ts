import type { Kind } from "../../types.ts";
import { isId, isLatitude, isLongitude, isSoundMonth, isText, isWhole, orNull } from "../sound.ts";
import type { Shape } from "../sound.ts";
import type { Exported, ExportedPlace } from "./exported.ts";

const isFlag = (value: unknown) => value === null || value === 0 || value === 1;

const PLACE: Shape<ExportedPlace> = {
  streetId: orNull(isWhole),
  street: orNull(isText),
  latitude: orNull(isLatitude),
  longitude: orNull(isLongitude),
  forceId: orNull(isId),
  force: orNull(isText),
  neighbourhoodId: orNull(isId),
  lsoaCode: orNull(isText),
  lsoaName: orNull(isText),
  district: orNull(isText),
};

/** What each column has to hold; a name is null where the database does not have it. */
export const SHAPES: { [K in Kind]: Shape<Exported[K]> } = {
  crimes: {
    ...PLACE,
    id: isWhole,
    persistentId: orNull(isText),
    category: isId,
    categoryName: orNull(isText),
    month: isSoundMonth,
    locationType: orNull(isText),
    locationSubtype: orNull(isText),
    context: orNull(isText),
    outcomeCategory: orNull(isText),
    outcomeDate: orNull(isText),
    reportedBy: orNull(isId),
    publisher: orNull(isText),
  },
  outcomes: {
    ...PLACE,
    crimeId: orNull(isWhole),
    category: isId,
    categoryName: orNull(isText),
    date: isSoundMonth,
    personId: orNull(isWhole),
    crimeCategory: orNull(isId),
    crimeCategoryName: orNull(isText),
    crimeMonth: orNull(isText),
    crimePersistentId: orNull(isText),
    crimeLocationType: orNull(isText),
    reportedBy: orNull(isId),
    publisher: orNull(isText),
  },
  stops: {
    ...PLACE,
    month: isSoundMonth,
    type: isText,
    datetime: isText,
    involvedPerson: isFlag,
    gender: orNull(isText),
    ageRange: orNull(isText),
    selfDefinedEthnicity: orNull(isText),
    officerDefinedEthnicity: orNull(isText),
    legislation: orNull(isText),
    objectOfSearch: orNull(isText),
    outcome: orNull(isText),
    outcomeObjectId: orNull(isText),
    outcomeObjectName: orNull(isText),
    outcomeLinkedToObjectOfSearch: isFlag,
    removalOfMoreThanOuterClothing: isFlag,
    operation: isFlag,
    operationName: orNull(isText),
    reportedBy: isId,
  },
};

/** What a record is called that is left out. */
export const NAMES: { [K in Kind]: (row: Exported[K]) => string } = {
  crimes: ({ id, month }) => `crime ${id} of ${month}`,
  stops: ({ datetime, reportedBy }) => `stop of ${reportedBy} at ${datetime}`,
  outcomes: ({ crimeId, date }) => `outcome of ${date} of crime ${crimeId ?? "unknown"}`,
};
