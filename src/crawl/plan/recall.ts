import type { Store } from "../../store/store.ts";
import { createPatience } from "./patience.ts";
import type { Patience } from "./patience.ts";
import { createSizes } from "./sizes.ts";
import type { Sizes } from "./sizes.ts";

/** What earlier runs learnt of the API's pace and of how large areas may be; both go on learning. */
export function recallSizes({ tileSizes }: Pick<Store, "tileSizes">): {
  patience: Patience;
  sizes: Sizes;
} {
  const known = tileSizes.read();
  const patience = createPatience({ known: known.pace, save: (pace) => tileSizes.save({ pace }) });
  return { patience, sizes: createSizes({ known, save: tileSizes.save, patience }) };
}
