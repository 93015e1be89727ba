// The functions of CHOLMOD that we call, each handed on to the library, which is loaded when the first of them is
// called: it brings LAPACK and the Fortran run-time along (see libzip.cpp).
#include "core/late/library.hpp"

#include <cholmod.h>

namespace {
constexpr core::LateLibrary cholmod(MOONTIDE_CHOLMOD, "sparse factorisations", "libcholmod3");
}  // namespace

extern "C" {

int cholmod_start(cholmod_common* common) { return MOONTIDE_LATE(cholmod, cholmod_start)(common); }
int cholmod_finish(cholmod_common* common) { return MOONTIDE_LATE(cholmod, cholmod_finish)(common); }
cholmod_factor* cholmod_analyze(cholmod_sparse* A, cholmod_common* common) {
  return MOONTIDE_LATE(cholmod, cholmod_analyze)(A, common);
}
int cholmod_factorize(cholmod_sparse* A, cholmod_factor* L, cholmod_common* common) {
  return MOONTIDE_LATE(cholmod, cholmod_factorize)(A, L, common);
}
cholmod_factor* cholmod_copy_factor(cholmod_factor* L, cholmod_common* common) {
  return MOONTIDE_LATE(cholmod, cholmod_copy_factor)(L, common);
}
int cholmod_free_factor(cholmod_factor** L, cholmod_common* common) {
  return MOONTIDE_LATE(cholmod, cholmod_free_factor)(L, common);
}

}  // extern "C"
