/* SPDX-License-Identifier: MPL-2.0 */
#ifndef POOR_HEAP_H
#define POOR_HEAP_H

/**
 * Make one allocation in @p one_in fail, in an order that repeats; 0 for none.
 * Takes a program linked with -Wl,--wrap=malloc,--wrap=calloc; it is the code of
 * that program that goes short, not the libraries under it.
 */
void poor_heap(unsigned one_in);

#endif
