const SIZE = 8;

/**
 * A pattern of lines from the lower left to the upper right, for what is not known.
 * @param {string} ground
 * @param {string} line
 */
export function drawHatch(ground, line) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = SIZE;
  const pen = tile.getContext("2d");
  if (pen === null) return null;
  pen.fillStyle = ground;
  pen.fillRect(0, 0, SIZE, SIZE);
  pen.strokeStyle = line;
  pen.lineWidth = 1.5;
  for (const shift of [-SIZE, 0, SIZE]) {
    pen.moveTo(shift, SIZE);
    pen.lineTo(shift + SIZE, 0);
  }
  pen.stroke();
  return pen.createPattern(tile, "repeat");
}
