/** Puts text on the clipboard; also where the page is not served securely and the browser offers no clipboard. */
export const copyText = async (text: string): Promise<void> => {
  if (navigator.clipboard) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
};

export const saveFile = (name: string, contentType: string, ...content: string[]): void => {
  const url = URL.createObjectURL(new Blob(content, { type: contentType }));
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  URL.revokeObjectURL(url);
};
