// A picture as it is kept: square, small, and without what cameras write into files, such as the place. Null when the
// browser cannot read it.

const side = 512
const largest = 40 * 1024 * 1024

export async function square(file: Blob): Promise<Blob | null> {
  if (file.size > largest) return null
  let image: ImageBitmap
  try {
    image = await createImageBitmap(file)
  } catch {
    return null
  }
  const edge = Math.min(image.width, image.height)
  const size = Math.min(side, edge)
  const canvas = document.createElement('canvas')
  canvas.width = canvas.height = size
  const context = canvas.getContext('2d')
  if (!context) return null
  context.fillStyle = '#fff'
  context.fillRect(0, 0, size, size)
  context.drawImage(image, (image.width - edge) / 2, (image.height - edge) / 2, edge, edge, 0, 0, size, size)
  image.close()
  return new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', 0.9))
}
