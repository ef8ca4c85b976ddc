/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#define A "The river rises in the northern hills near the border.\n"
#define B "Both governments agreed to repair the old stone bridge before winter.\n"
#define B2 "Both governments agreed to rebuild the old stone bridge before winter.\n"
#define C "Fishermen complained loudly about the missing harbour lights.\n"
#define D "A museum of clocks opened its doors to the public in spring.\n"
#define E "Seven students carried the heavy wooden table upstairs.\n"
#define F "Rain is expected over most of the southern islands tomorrow.\n"

/* In the second text, B is reworded, C is missing and F is new. */
#define FIRST A B C D E
#define SECOND A B2 D F E
