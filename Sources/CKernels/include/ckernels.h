// The loops that need the CPU's vector and bit instructions. Each has a portable body and, where
// it pays, others chosen once at run time from what the CPU reports.
#ifndef GENRET_CKERNELS_H
#define GENRET_CKERNELS_H

#include "ckernels_checksum.h"
#include "ckernels_codes.h"
#include "ckernels_int8.h"
#include "ckernels_learning.h"
#include "ckernels_occurrences.h"
#include "ckernels_postings.h"
#include "ckernels_residual.h"
#include "ckernels_sha256.h"
#include "ckernels_succinct.h"
#include "ckernels_suffixes.h"
#include "ckernels_team.h"
#include "ckernels_tensor.h"

#endif
