import { readFileSync, writeFileSync } from "node:fs";

/** The boroughs of the sample's wards, by the beginning of their ids, and how many lived there in 2018. */
const BOROUGHS: Record<string, [name: string, people: number]> = {
  "00AG": ["Camden", 262_226],
  "00AM": ["Hackney", 279_665],
  "00AN": ["Hammersmith and Fulham", 185_426],
  "00AU": ["Islington", 239_142],
  "00AW": ["Kensington and Chelsea", 156_197],
  "00AY": ["Lambeth", 325_917],
  "00BE": ["Southwark", 317_256],
  "00BG": ["Tower Hamlets", 317_705],
  "00BK": ["Westminster", 255_324],
};

type Feature = { properties: { neighbourhood_id: string }; geometry: unknown };
type Collection = { features: Feature[] };

/** Makes boroughs of the wards of an export: each ward is a part of its borough. */
export function writeBoroughs(wards: string, to: string): void {
  const { features } = JSON.parse(readFileSync(wards, "utf8")) satisfies Collection;
  const parts = features.flatMap(({ properties, geometry }: Feature) => {
    const borough = BOROUGHS[properties.neighbourhood_id.slice(0, 4)];
    if (borough === undefined || geometry === null) return [];
    const [name, people] = borough;
    return [{ type: "Feature", geometry, properties: { name, people } }];
  });
  writeFileSync(to, JSON.stringify({ type: "FeatureCollection", features: parts }));
}
