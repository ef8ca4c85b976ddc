/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-codebook.h"
#include "postil-step.h"

G_BEGIN_DECLS

PostilStep *postil_rebasing_run (PostilStep *step, PostilCodebook *codebook);

G_END_DECLS
