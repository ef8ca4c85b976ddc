/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "postil-error.h"

G_DEFINE_QUARK (postil - error - quark, postil_error)
