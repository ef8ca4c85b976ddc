/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once

#include "postil-sidecar-writer.h"

G_BEGIN_DECLS

GString *write_snapshot (PostilSnapshot *snapshot, PostilSidecarStyle style);

G_END_DECLS
