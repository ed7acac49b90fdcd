import { type RefObject, useEffect, useRef } from 'react';

/**
 * When what had the focus closes, the first button inside of whatever has this ref gets it: whoever works without a
 * mouse goes on there, and not at the top of the page.
 */
export const useFocusBack = <E extends HTMLElement>(isOpen: boolean): RefObject<E | null> => {
  const ref = useRef<E>(null);
  const wasOpen = useRef(isOpen);
  useEffect(() => {
    if (wasOpen.current && !isOpen) ref.current?.querySelector('button')?.focus();
    wasOpen.current = isOpen;
  }, [isOpen]);
  return ref;
};
