# نصوص التدقيق بالعربية.

## الحكم
verdict-verified = صحيح: كل ما فيه سليم، ولا ينقص شيء لازم.
verdict-forged = مزور أو محرف: هناك من صنع أو غير محتوى فخرقت قاعدة.
verdict-undecided = يتعذر الحسم: هناك شيء ناقص أو من إصدار لاحق.

## ما يعاين
finding-at = البايت { $at }
finding-bundle = الملف نفسه ليس كما يجب أن تكون حزمة إثبات
finding-entry = قيد غير سليم في ذاته
finding-ancestors = قيد لا يوافق الدفتر الذي يوجد فيه
finding-parent-invalid = القيد السابق له غير سليم
finding-body-unclaimed = محتوى لا ينتمي إلى أي قيد
finding-body-length = طول المحتوى يخالف ما في قيده
finding-parent-missing = القيد السابق له غير متضمن
finding-about-missing = موضوع الحزمة غير متضمن فيها
finding-charter-missing = الميثاق غير متضمن
finding-log-missing = دفتر جهة ضامنة أو مسجل غير متضمن
finding-network-body-missing = محتوى تصريح يخص الشبكة غير متضمن
finding-too-large = يضم الملف أكثر مما يستطيع هذا البرنامج حفظه، فلم يفحص شيء ابتداء من هنا: اطلبوا ملفا لدفتر واحد أو لسجل واحد
finding-torn = آخر كتابة انقطعت، كما في انقطاع الكهرباء
finding-forked = الدفتر متفرع: قيدان بعد قيد واحد
finding-contested = الدفتر متنازع فيه: تغييرات متناقضة للمفتاح
finding-disowns = تغيير مفتاح تبرأ من قيود
finding-unplaced = موقع بمفتاح صاحبه لكن دفتره غير متضمن: قد يكون من صنع مفتاح قديم مسروق
finding-log-cut-off = كشف رؤوس يظهر من دفتر أكثر مما في هذا الملف
finding-head-not-here = كشف رؤوس يسمي قيدا ليس في هذا الملف، مع أن فيه غيره في موضعه
finding-body-malformed = محتوى لا يمكن قراءته
finding-present-though-withdrawn = محتوى مسحوب ومع ذلك متضمن
finding-body-cut-off = محتوى لا ينتمي إلى أي قيد: انقطعت كتابة، كما في انقطاع الكهرباء

## الصفحة
report-title = تقرير تدقيق
about-file = الملف
about-bytes = الحجم
about-bytes-count = عدد البايتات: { $count }
about-sha256 = بصمة الملف SHA-256
about-scope = محتواه
about-about = معرف موضوعه
about-network = الشبكة
about-made = تاريخ إعداده بساعة من أعده
about-checked = تاريخ تدقيقه بساعة من دققه
about-program = أداة التدقيق
scope-network = جميع دفاتر شبكة
scope-author = دفتر جهة واحدة
scope-entry = سجل واحد مع الدفتر المؤدي إليه
scope-journal = ما تحفظه عقدة
checks-title = ما تم التحقق منه
state-holds = سليم
state-noted = سليم، مع ملاحظة
state-broken = مخروق
state-open = يتعذر الحسم
state-not-here = غير متضمن في هذا الملف، وليس ذلك عيبا
findings-more = وغيرها: { $count }

## التحققات
check-file = الملف
check-file-what = عنصره الأول والأخير، وترتيب عناصره، وبصمة جميع بايتاته.
check-entries = شكل القيود
check-entries-what = كل قيد في ذاته، ولا يقبل له إلا ترميز واحد. عدد القيود: { $count }
check-signatures = التوقيعات
check-signatures-what = كل توقيع بالمفتاح الذي يظهره دفتر صاحبه في ذلك الموضع. عدد التوقيعات: { $count }
check-chain = تسلسل كل دفتر
check-chain-what = كل قيد يسمي القيد السابق له ببصمته، فلا يمكن تغيير شيء بينهما ولا زيادته ولا حذفه. عدد الدفاتر: { $count }
check-history = تاريخ واحد لكل دفتر
check-history-what = لا تقول جهة لهؤلاء شيئا ولأولئك غيره؛ وما تتبرأ منه عند تغيير المفتاح. عدد الدفاتر: { $count }
check-contents = المحتويات
check-contents-what = كل محتوى ينتمي إلى قيد ببصمته وطوله. عدد المحتويات: { $count }
check-withdrawals = المسحوبات
check-withdrawals-what = ما سحبه صاحبه أو الجهات الضامنة يجب ألا يبقى هنا. عدد المسحوبات: { $count }
check-network = الشبكة
check-network-what = الميثاق والجهات الضامنة ومن قبلت انخراطه. عدد الأعضاء: { $count }
check-dates = تواريخ يؤكدها آخرون
check-dates-what = كشوف الرؤوس التي تعدها الجهات الضامنة، وتأكيد الأعضاء لها، وهل تبلغ الدفاتر ما تذكره. عدد الكشوف التي تظهر سجلا من القائمة: { $count }

## السجلات والدفاتر
records-title = السجلات
records-record = السجل
records-author = الجهة الموقعة
records-seq = القيد رقم { $count } في دفترها
records-claimed = التاريخ المصرح به
records-dates = تواريخ يؤكدها آخرون
records-state = الحالة
records-more = سجلات غير مدرجة في القائمة: { $count }
record-untitled = بدون عنوان
record-counts = معتبر
record-absent = معتبر، ومحتواه غير متضمن في هذا الملف
record-replaced = حلت محله نسخة لاحقة: { $by }
record-withdrawn = سحبه صاحبه، والسبب: { $reason }
record-withdrawn-by-order = سحب بقرار من الجهات الضامنة، والسبب: { $reason }
record-withdrawn-here = مسحوب ومع ذلك متضمن، والسبب: { $reason }
record-disputed = محل نزاع: الدفتر متفرع أو متنازع فيه قبله
record-disowned = تبرأ منه تغيير مفتاح: { $by }
record-beyond-cut = كتب بعد تعليق عضوية صاحبه
record-unplaced = بدون الدفتر المؤدي إليه
dates-witnessed = كان موجودا قبل { $date }: أكده إلى ذلك الحين { $count } من { $members } من الأعضاء، ومن جهات أخرى منهم: { $others }
dates-shown = أظهره كشف رؤوس لجهة ضامنة بتاريخ { $date }؛ ولم يؤكده أي عضو
dates-not-before = ليس قبل { $date }
dates-none = لا يؤكد أحد آخر تاريخا
logs-title = الدفاتر
logs-entries = القيود
logs-head = آخر قيد
log-ok = تاريخ واحد
log-forked = متفرع: قيدان بعد قيد واحد
log-contested = متنازع فيه: تغييرات متناقضة للمفتاح
log-closed = مختوم
log-cut = علقت عضوية صاحبه
log-witnessed = أكده أعضاء إلى القيد رقم { $seq }
log-shown = أظهرته جهات ضامنة إلى القيد رقم { $seq }

## ملفان
compared-title = مقارنة مع ملف آخر
compared-first = آخر قيد هنا
compared-second = آخر قيد هناك
compared-same = متطابقان
compared-first-further = هذا الملف أبعد مدى
compared-second-further = الملف الآخر أبعد مدى
compared-apart = تناقض: لا يتضمن أي منهما آخر قيد في الآخر
compared-only-first = في هذا الملف فقط
compared-only-second = في الملف الآخر فقط

## الحدود
beyond-title = ما لا يستطيع هذا الملف أن يخبر به
beyond-absent = ما تقوله محتويات غير متضمنة فيه، وعددها: { $count }
beyond-unplaced = هل تعتبر قيود لم يتضمن دفترها، وعددها: { $count }. فقد تكون من صنع مفتاح قديم مسروق.
beyond-members = من هم أعضاء الشبكة وأي جماعة هي صاحبة الدفتر: دفاتر الجهات الضامنة غير متضمنة فيه.
beyond-dates = منذ متى توجد سجلات لا يؤكد أحد آخر تاريخها، وعددها: { $count }. فتواريخها تصريحات أصحابها.
beyond-later = هل استجد شيء بعده: نسخة لاحقة أو سحب أو تفرع. اطلبوا من أحد الأعضاء أحدث ملف.
beyond-key = من كان يمسك المفتاح بيده. فالتوقيع يدل على المفتاح لا على الشخص.
beyond-truth = هل ما يقوله السجل صحيح. فهو يبين من يتحمل مسؤوليته ومنذ متى، لا أنه كذلك.
again-title = لإعادة التحقق
again-what = يجب أن تنتهي برامج أخرى إلى الحكم نفسه. يكفيها هذا الملف دون شبكة:

## أنواع السجلات
kind-practice = ممارسة جيدة
kind-plan = برنامج عمل الانفتاح
kind-profile = بطاقة تعريف
kind-challenge = تحد مشترك
kind-proposal = مقترح
kind-progress = تقدم الإنجاز
kind-evaluation = تقييم
kind-adoption = اعتماد ممارسة
kind-reply = رد
kind-event = لقاء
kind-endorse = توقيع مشترك
