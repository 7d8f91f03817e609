/** Makes a small JPEG of a picture that somebody chose: what else its file tells (where, when, by whom) stays behind. */
import { fitted } from "../logic/picture";

const QUALITY = 0.85;

/** The picture as base64 of a JPEG; rejects when the browser can't read it. */
export async function small(file: Blob): Promise<string> {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = fitted(bitmap.width, bitmap.height);
  const context = canvas.getContext("2d");
  if (!context) throw new Error("no canvas");
  context.fillStyle = "#fff";
  context.fillRect(0, 0, canvas.width, canvas.height);
  context.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return canvas.toDataURL("image/jpeg", QUALITY).split(",")[1] ?? "";
}
