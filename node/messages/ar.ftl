# نصوص الصفحات. للفهارس الثلاثة نفس المعرفات ونفس المعطيات؛ ويسهر على ذلك اختبار.

## الإطار
app-name = ملتقى
skip = انتقل إلى المحتوى
nav-label = أقسام الموقع
nav-home = الرئيسية
nav-library = خزانة الممارسات
nav-members = الأعضاء
nav-network = الشبكة
nav-help = مساعدة
# The office
office-nav = المكتب
office-sign-out = تسجيل الخروج
office-sign-in = تسجيل الدخول
office-pages = صفحات المكتب
office-home = الاستقبال
office-people = الموظفون
office-settings = الإعدادات
office-network = الانضمام إلى الشبكة
office-signatures = سجل التوقيعات
office-account = حسابي
office-name = الاسم
office-your-name = اسمكم الكامل
office-password = كلمة السر
office-new-password = كلمة سر جديدة
office-password-again = كلمة السر مرة ثانية
office-password-rule = عشرة حروف على الأقل. جملة قصيرة تتذكرونها أفضل من كلمة واحدة.
office-old-password = كلمة السر الحالية
office-change-password = تغيير كلمة السر
office-choose-title = اختيار كلمة السر
office-choose = حفظ كلمة السر والدخول
office-link-closed = اطلبوا رابطا جديدا من المشرف على المكتب.
office-lost = هل ضاعت كلمة السر؟
office-lost-how = يعطيكم المشرف على المكتب رابطا تختارون به كلمة سر جديدة.
office-lost-console = وإذا ضاعت كلمة سر المشرف نفسه، فمن يتولى الجهاز ينشئ له رابطا بهذا الأمر:
office-sign-in-new = ليس للمكتب مشرف بعد. الرابط الأول يظهر في الجهاز عند تشغيل العقدة.
office-needs-https = المكتب مفتوح لأجهزة أخرى، فلا يعمل تسجيل الدخول إلا عبر HTTPS. راجعوا من يتولى الجهاز.
office-role = الدور
office-role-reader = قارئ
office-role-author = محرر
office-role-publisher = ناشر
office-role-administrator = مشرف
office-role-about-reader = يطلع على ما في المكتب
office-role-about-author = يحرر المسودات
office-role-about-publisher = ينشر باسم الجماعة بعد المراجعة
office-role-about-administrator = يدير الحسابات والإعدادات، وينشر كذلك
office-active = يعمل في المكتب
office-inactive = حساب موقوف
office-no-password = لم يختر كلمة سر بعد
office-visited = آخر حضور: { $time }
office-save = حفظ
office-save-for = حفظ التغيير في حساب { $name }
office-link-make = رابط لكلمة سر جديدة
office-link-for = رابط لكلمة سر جديدة لحساب { $name }
office-link-title = رابط لاختيار كلمة السر
office-link-about = سلموا هذا الرابط إلى { $name } مباشرة. يستعمل مرة واحدة، إلى غاية { $until }.
office-handed-once = لن يعرض مرة أخرى: انسخوه الآن.
office-add = إضافة موظف
office-programs = البرامج
office-programs-about = برنامج آخر للجماعة ينشر باسمها عبر واجهة البرمجة، برمز خاص به.
office-program-name = اسم البرنامج
office-token-make = إنشاء رمز
office-token-title = رمز لبرنامج
office-token-about = يرسله البرنامج مع كل طلب إلى المكتب.
office-end = إلغاء الرمز
office-end-for = إلغاء رمز { $name }
office-four-eyes = قاعدة الشخصين
office-four-eyes-on = لا ينشر شيء إلا بموافقة شخص ثان
office-four-eyes-about = من كتب المسودة لا يوافق عليها بنفسه، حتى لو كان ناشرا أو مشرفا.
office-languages = لغات الجماعة
office-languages-about = اللغات التي تكتبون بها سجلاتكم؛ ويذكركم المكتب بما ينقصه منها.
office-founding = إعداد العقدة
office-founding-closed = هذه العقدة لم تعد بعد. افتحوا الرابط الذي يظهر في الجهاز عند تشغيلها.
office-step-place = الخطوة 1 من 4
office-step-key = الخطوة 2 من 4
office-step-administrator = الخطوة 3 من 4
office-step-network = الخطوة 4 من 4
office-founding-place = ما هي جماعتكم الترابية؟
office-founding-place-about = اكتبوا اسمها أو أوله، بالعربية أو الفرنسية: جهة أو عمالة أو إقليم أو جماعة.
office-place-name = اسم الجماعة الترابية
office-place-none = لم يعثر على هذا الاسم. جربوا كتابته باللغة الأخرى أو بحروف أقل.
office-partner = لسنا جماعة ترابية
office-partner-about = للجمعيات والجامعات والوزارات وغيرها من الشركاء: لا رمز رسمي لها، وتعرف في الشبكة باسمها.
office-partner-kind = نوع الهيئة
office-partner-name = الاسم ({ $language })
office-partner-refused = اختاروا نوع الهيئة واكتبوا اسما بلغة واحدة على الأقل، في 120 حرفا على الأكثر.
office-other-place = اختيار جماعة أخرى
office-key-title = مفتاح الاستبدال
office-key-about = بهذا المفتاح وحده تسترجع الجماعة هويتها في الشبكة إذا ضاع هذا الجهاز أو سرق. ومن يحصل عليه يستطيع أن يتكلم باسمها.
office-key-keep = توضع هذه الورقة في ظرف مختوم، وتحفظ في خزانة بعيدا عن الجهاز.
office-key-qr = رمز يحمل أرقام المفتاح نفسها
office-key-print = اطبعوا هذه الصفحة الآن (Ctrl+P). لن يعرض المفتاح مرة أخرى بعد المتابعة، ولا تحتفظ به العقدة.
office-key-sealed = طبعت الصفحة ووضعتها في ظرف مختوم
office-key-not-sealed = أكدوا أولا أن المفتاح مطبوع ومحفوظ.
office-set-up = إعداد المكتب
office-set-up-about = أنتم أول من يدخل، وستتولون الإشراف على المكتب.
office-set-up-closed = إذا لم يكن للمكتب مشرف بعد، يظهر رابط جديد في الجهاز عند تشغيل العقدة من جديد.
office-go-on = متابعة
office-network-about = الدعوة سطر واحد ترسله جماعة عضو في الشبكة. ألصقوه هنا لطلب الانضمام. ويمكن القيام بذلك في ما بعد: ما تنشرونه قبل ذلك يصل إلى الشبكة بعد الانضمام.
office-network-entered = هذه العقدة تنتمي إلى الشبكة:
office-invitation = الدعوة
office-invitation-bad = هذه ليست دعوة كاملة. انسخوا السطر كله كما وصلكم.
office-join = طلب الانضمام
office-later = في ما بعد
office-no-network = هذه العقدة لم تنضم إلى شبكة بعد.
office-signatures-about = من طلب التوقيع باسم الجماعة، ومتى، وعلى ماذا. لا يمحى منه شيء.
office-signatures-none = لا توقيع بعد.
office-time = الوقت
office-asked = طلبه
office-approved = وافق عليه
office-what = السجل
office-new = جديد الشبكة
office-new-since = الجديد منذ { $time }
office-nothing-new = لا جديد من الجماعات الأخرى.
office-questions = أسئلة موجهة إلينا تنتظر الجواب
office-waiting =
    { $count ->
        [one] مسودة واحدة تنتظر المصادقة على نشرها
        [two] مسودتان تنتظران المصادقة على نشرهما
        [few] { $shown } مسودات تنتظر المصادقة على نشرها
        [many] { $shown } مسودة تنتظر المصادقة على نشرها
        *[other] { $shown } مسودة تنتظر المصادقة على نشرها
    }
office-health = حالة العقدة
office-disk-well = القرص: الحفظ يعمل
office-disk-unwell = القرص: تعذر الحفظ، راجعوا من يتولى الجهاز
office-signs = التوقيع: ممكن
office-signs-not = التوقيع: موقوف إلى أن تجيب عقد أخرى
office-refused-full = بلغ المكتب أقصى عدد من الحسابات.
office-refused-name-taken = هناك حساب بهذا الاسم. أضيفوا ما يميزه.
office-refused-bad-name = يكتب الاسم بحرف واحد على الأقل وثمانين على الأكثر.
office-refused-unknown = لم يعد هذا الحساب موجودا أو هو موقوف.
office-refused-no-such-role = اختاروا دورا من القائمة.
office-refused-last-administrator = لا بد للمكتب من مشرف: عينوا مشرفا آخر أولا.
office-refused-bad-link = هذا الرابط لا يفتح شيئا: سبق استعماله أو انتهت مدته.
office-refused-weak-password = كلمة السر قصيرة جدا أو سهلة التخمين: عشرة حروف على الأقل، وليست هي الاسم.
office-refused-differ = كلمتا السر مختلفتان. اكتبوا الكلمة نفسها مرتين.
office-refused-wrong-password = الاسم أو كلمة السر غير صحيح.
office-refused-too-many-tries = محاولات كثيرة. انتظروا نصف دقيقة ثم أعيدوا المحاولة.
office-refused-no-language = اختاروا لغة واحدة على الأقل.
office-missing =
    { $count ->
        [0] السجلات: كلها هنا
        [one] السجلات: ينقص محتوى واحد
        [two] السجلات: ينقص محتويان
        [few] السجلات: ينقص { $shown } محتويات
        *[other] السجلات: ينقص { $shown } محتوى
    }
nav-data = بيانات مفتوحة
tongues-label = لغة الصفحة
footer-keeper = عقدة تديرها
footer-nameless = جهة لم تعرف بنفسها بعد
labelled = { $label }:
so-many-of = { $some } من { $all }
list-separator = { "، " }
amount = { $amount } { $currency }
currency-MAD = درهم
currency-EUR = أورو
currency-USD = دولار أمريكي
footer-connected =
    { $count ->
        [zero] غير متصلة بأي عقدة أخرى
        [one] متصلة بعقدة أخرى
        [two] متصلة بعقدتين أخريين
        [few] متصلة بـ { $shown } عقد أخرى
        [many] متصلة بـ { $shown } عقدة أخرى
        *[other] متصلة بـ { $shown } عقدة أخرى
    }
bytes =
    { $count ->
        [zero] { $shown } بايت
        [one] بايت واحد
        [two] بايتان
        [few] { $shown } بايتات
        [many] { $shown } بايت
        *[other] { $shown } بايت
    }

## التواريخ
month-1 = يناير
month-2 = فبراير
month-3 = مارس
month-4 = أبريل
month-5 = ماي
month-6 = يونيو
month-7 = يوليوز
month-8 = غشت
month-9 = شتنبر
month-10 = أكتوبر
month-11 = نونبر
month-12 = دجنبر
date-day = { $day } { $month } { $year }
date-month = { $month } { $year }
date-moment = { $day }، الساعة { $time } (بتوقيت المغرب)
period-from-to = من { $start } إلى { $end }
period-since = منذ { $start }، وما زالت مستمرة
period-until = إلى غاية { $end }
period-ongoing = مستمرة
since = منذ { $date }

## المفردات
level-prefecture = عمالة
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
kind-inception = فتح الدفتر
kind-rotate = تغيير المفتاح
kind-charter = ميثاق
kind-join = طلب الانخراط
kind-leave = انسحاب من الشبكة
kind-admit = قبول الانخراط
kind-suspend = تعليق العضوية
kind-close = إغلاق الدفتر
kind-withdraw = سحب
kind-checkpoint = كشف الرؤوس
kind-witness = تأكيد الرؤوس
register-ogp = الشراكة من أجل الحكومة المنفتحة
register-remacto = منصة الشبكة
language-ar = العربية
language-ary = الدارجة
language-ber = الأمازيغية
language-en = الإنجليزية
language-es = الإسبانية
language-fr = الفرنسية
language-shi = تاشلحيت
language-tzm = أمازيغية الأطلس المتوسط
language-zgh = الأمازيغية المعيارية
standing-disputed = محل نزاع
standing-disowned = متبرأ منه
standing-beyond-cut = مكتوب بعد تعليق العضوية
standing-withdrawn = مسحوب
standing-hidden = محجوب في هذه العقدة
standing-missing = لم يصل محتواه بعد
standing-unreadable = محتواه غير مقروء
standing-older = نسخة سابقة
signature-verified = توقيع صحيح
signature-forged = مزور أو محرف
signature-undecided = يتعذر الحسم

## الرئيسية
home-lead = ما جربته الجماعات الترابية لتكون أكثر انفتاحا: ما أنجز، وما كلفه، وما لم ينجح. كل سجل موقع من صاحبه، ويمكن لأي كان التحقق منه.
home-newest = آخر السجلات
home-none = لا توجد هنا سجلات بعد.
home-none-next = تصل السجلات تلقائيا من العقد الأخرى؛ ولنشر سجل انظروا صفحة المساعدة.
home-all = كل السجلات
figure-members =
    { $count ->
        [zero] لا عضو
        [one] عضو واحد
        [two] عضوان
        [few] أعضاء
        [many] عضوا
        *[other] عضو
    }
figure-nodes =
    { $count ->
        [zero] لا عقدة متصلة
        [one] عقدة متصلة الآن
        [two] عقدتان متصلتان الآن
        [few] عقد متصلة الآن
        [many] عقدة متصلة الآن
        *[other] عقدة متصلة الآن
    }
figure-nodes-detail =
    { $count ->
        [zero] لا قيد محفوظ هنا
        [one] قيد واحد محفوظ هنا
        [two] قيدان محفوظان هنا
        [few] { $shown } قيود محفوظة هنا
        [many] { $shown } قيدا محفوظا هنا
        *[other] { $shown } قيد محفوظ هنا
    }
count-region =
    { $count ->
        [zero] لا جهة
        [one] جهة واحدة
        [two] جهتان
        [few] { $shown } جهات
        [many] { $shown } جهة
        *[other] { $shown } جهة
    }
count-province =
    { $count ->
        [zero] لا عمالة أو إقليم
        [one] عمالة أو إقليم واحد
        [two] عمالتان أو إقليمان
        [few] { $shown } عمالات وأقاليم
        [many] { $shown } عمالة وإقليما
        *[other] { $shown } عمالة وإقليم
    }
count-commune =
    { $count ->
        [zero] لا جماعة
        [one] جماعة واحدة
        [two] جماعتان
        [few] { $shown } جماعات
        [many] { $shown } جماعة
        *[other] { $shown } جماعة
    }

## الخزانة
library-title = خزانة الممارسات
library-lead = ما جربته الجماعات الترابية، وما كلفها، وما لم ينجح. كل سجل موقع من صاحبه.
library-newest = الأحدث أولا
library-by-fit = الأقرب إلى سؤالكم أولا
library-incomplete = يجري إعداد الفهرس: قد تنقص نتائج. أعيدوا المحاولة بعد قليل.
search-label = ابحثوا في السجلات، بأي لغة
search-example = مثلا: الميزانية التشاركية
search-button = بحث
why-found-concept = وجد بمعنى «{ $name }»: في النص { $found } (سألتم عن { $asked })
why-found-place = سألتم عن { $asked }: المكان { $name }
why-found-spelling = لم نجد { $asked }؛ هذه نتائج { $found }
why-found-beginning = كلمات تبدأ بـ { $asked }: { $found }
library-none = لا يوجد هنا سجل بهذه المواصفات.
library-none-next = احذفوا مرشحا، أو ابحثوا بكلمات أقل. قد يوجد السجل عند عضو لم تصل سجلاته بعد.
library-all = كل السجلات
filters-title = تصفية النتائج
filters-more = المزيد
filters-clear = حذف كل المرشحات
filter-remove = حذف هذا المرشح
filter-kind = النوع
filter-principle = المبدأ
filter-region = الجهة
filter-level = المستوى
filter-status = الحالة
filter-theme = المجال
filter-language = لغة النص
filter-year = السنة
filter-author = عضو واحد
filter-refers-to = ما يحيل على سجل واحد
filter-asked = ما هو موجه إلى جماعة ترابية معينة
filter-mentions = ما يذكر { $place }
page-first = الصفحة الأولى
page-next = الصفحة التالية
permalink = رابط دائم لهذه القائمة
selection-files = هذه النتائج كلها:
selection-csv = جدول CSV
selection-jsonld = بيانات مترابطة (JSON-LD)
selection-atom = خلاصة Atom
record-untitled = سجل بدون عنوان
text-in = النص: { $language }
library-found =
    { $count ->
        [zero] لا نتيجة
        [one] نتيجة واحدة
        [two] نتيجتان
        [few] { $shown } نتائج
        [many] { $shown } نتيجة
        *[other] { $shown } نتيجة
    }

## السجل
tabs-label = لغات السجل
text-in-own-language = هذا النص غير متوفر بالعربية؛ يعرض بلغته الأصلية: { $language }.
section-done = ما أنجز
section-cost = ما كلفه
section-failed = ما لم ينجح
section-results = النتائج وأدلة الإثبات
section-context = السياق والمشكل
section-reuse = لمن يريد اعتمادها
section-partners = الشركاء
section-contacts = للاتصال
section-aims = الأهداف والمجالات
section-sources = المصادر
section-declared = نسب مصرح بها
section-commitments = الالتزامات
section-axes = المحاور
section-stages = مراحل المسلسل
section-frameworks = البرامج والشراكات
section-links = سجلات مرتبطة
section-referring = سجلات تحيل على هذا السجل
section-raw = المحتوى كما وقعه صاحبه
raw-why = لا يعرف هذا البرنامج هذا النوع من السجلات، أو أن محتواه لا يحترم شكل نوعه.
heading-lessons = ما فشل وما استخلص منه
heading-difficulties = صعوبات
heading-beneficiaries = المستفيدون
heading-conditions = شروط النجاح
heading-transferability = ما يمكن نقله وكيف
heading-action = ما سينجز
heading-problem = المشكل العمومي
heading-status-quo = الوضع الراهن
heading-contribution = كيف يساهم ذلك في الحل
heading-goal = الهدف البعيد
fact-budget = الميزانية
fact-funding = التمويل
fact-staff = الموارد البشرية (مناصب كاملة)
fact-note = ملاحظة
fact-outcomes = النتائج المتوخاة
fact-themes = المجالات
fact-ogp = قيم الحكومة المنفتحة
fact-sdgs = أهداف التنمية المستدامة
fact-original = لغة النص الأصلي
fact-translated = ترجم إلى
fact-translation-note = عن الترجمة
fact-confidence = درجة الثقة في ما جمع
fact-status-basis = أساس الحالة المذكورة
fact-place-basis = أساس المكان المذكور
fact-themes-by = حدد المجالات
fact-licence = رخصة الاستعمال
fact-programme = الإطار
fact-cycle = الدورة
fact-period = الفترة
fact-axis = المحور
fact-lead = القيادة
fact-site = الموقع
# تتبع التنفيذ والتقييم والاعتماد
plan-rule = المراحل المنجزة من أصل جميع المراحل غير المتخلى عنها. المرحلة مرحلة إنجاز، أو التزام ليست له مراحل. لا يحتسب إلا ما وقعه صاحب البرنامج ومن وقعوه معه أطرافا فيه؛ وآخر تصريح عن المرحلة هو المعتد به.
section-followed = مدى تقدم الإنجاز
section-counting = كيف احتسبت النسبة
section-evaluated = التقييم
section-proposals = المقترحات ومآلها
section-adoptions = من اعتمد هذه الممارسة
plan-nothing = لا توجد بعد أي مرحلة تحتسب
plan-done =
    { $count ->
        [one] { $some } من مرحلة واحدة منجزة
        [two] { $some } من مرحلتين منجزة
        [few] { $some } من { $shown } مراحل منجزة
        *[other] { $some } من { $shown } مرحلة منجزة
    }
plan-derived = نسبة محتسبة من الأدلة: { $percent } %، إلى غاية { $date }
plan-as-of = إلى غاية { $date }
plan-evidenced =
    { $count ->
        [zero] لا مرحلة منجزة لها دليل إثبات
        [one] مرحلة منجزة واحدة لها دليل إثبات
        [two] مرحلتان منجزتان لهما دليل إثبات
        [few] { $shown } مراحل منجزة لها دليل إثبات
        *[other] { $shown } مرحلة منجزة لها دليل إثبات
    }
plan-late = (متأخر عن الأجل)
plan-how = كيف احتسبت؟
plan-incomplete = لم تؤخذ كل السجلات بعين الاعتبار: الفهرس قيد التحيين، أو أن عدد السجلات يفوق ما تقرؤه صفحة واحدة.
plan-signed-later = وقع البرنامج بعد هذا التاريخ: لم يكن قد وقع عندئذ أي تصريح بالتقدم.
plan-other-version = احتسبت حسب نسخة أخرى من البرنامج، وهي المعتمدة في ذلك التاريخ.
plan-other-version-link = انظر تلك النسخة
plan-declared = نسبة مصرح بها: { $percent } %.
plan-declared-as-of = نسبة مصرح بها: { $percent } %، إلى غاية { $date }.
plan-differs = تختلف عن النسبة المحتسبة من الأدلة ({ $percent } %).
plan-agrees = توافق النسبة المحتسبة من الأدلة.
plan-nothing-derived = لا يمكن احتساب أي نسبة من الأدلة: لا توجد مراحل تحتسب.
plan-overdue =
    { $count ->
        [one] مرحلة واحدة متأخرة عن الأجل
        [two] مرحلتان متأخرتان عن الأجل
        [few] { $shown } مراحل متأخرة عن الأجل
        *[other] { $shown } مرحلة متأخرة عن الأجل
    }
plan-stalled =
    { $count ->
        [one] مرحلة واحدة متعثرة
        [two] مرحلتان متعثرتان
        [few] { $shown } مراحل متعثرة
        *[other] { $shown } مرحلة متعثرة
    }
plan-days =
    { $count ->
        [one] يوم واحد
        [two] يومان
        [few] { $shown } أيام
        *[other] { $shown } يوما
    }
plan-pace-overdue =
    { $count ->
        [one] (متأخرة عن الأجل بيوم واحد)
        [two] (متأخرة عن الأجل بيومين)
        [few] (متأخرة عن الأجل بـ { $shown } أيام)
        *[other] (متأخرة عن الأجل بـ { $shown } يوما)
    }
plan-pace-stalled =
    { $count ->
        [few] (متعثرة منذ { $shown } أيام)
        *[other] (متعثرة منذ { $shown } يوما)
    }
plan-no-evidence = بدون دليل إثبات
plan-stalled-rule = تعد متعثرة كل مرحلة بدأت، أو حل أوان بدايتها، ولم تتغير حالتها منذ أكثر من 183 يوما.
# القيود الموقعة التي تستند إليها أرقام البرنامج.
plan-rests =
    { $count ->
        [zero] لا يستند إلى أي قيد موقع
        [one] يستند إلى قيد موقع واحد
        [two] يستند إلى قيدين موقعين
        [few] يستند إلى { $shown } قيود موقعة
        [many] يستند إلى { $shown } قيدا موقعا
        *[other] يستند إلى { $shown } قيد موقع
    }
plan-rests-more =
    { $count ->
        [zero] لا تصريح أقدم في الحزمة.
        [one] وفي الحزمة تصريح أقدم واحد.
        [two] وفي الحزمة تصريحان أقدمان.
        [few] وفي الحزمة { $shown } تصريحات أقدم.
        [many] وفي الحزمة { $shown } تصريحا أقدم.
        *[other] وفي الحزمة { $shown } تصريح أقدم.
    }
plan-version-of = نسخة البرنامج بتاريخ { $date }
plan-report-of = تصريح بتاريخ { $date }
plan-check = حزمة الإثبات
plan-check-all = كلها في حزمة إثبات واحدة
column-rests = يستند إلى
plan-by-others =
    { $count ->
        [one] تصريح واحد من غير منفذي البرنامج، لا يحتسب
        [two] تصريحان من غير منفذي البرنامج، لا يحتسبان
        [few] { $shown } تصريحات من غير منفذي البرنامج، لا تحتسب
        *[other] { $shown } تصريحا من غير منفذي البرنامج، لا تحتسب
    }
plan-unresolved =
    { $count ->
        [one] حالة واحدة لمرحلة لا توجد في البرنامج
        [two] حالتان لمرحلتين لا توجدان في البرنامج
        [few] { $shown } حالات لمراحل لا توجد في البرنامج
        *[other] { $shown } حالة لمراحل لا توجد في البرنامج
    }
plan-data = نفس الأرقام بصيغة مفتوحة (JSON)
plan-became-open = لم يبت فيه بعد
plan-became-declined = لم يؤخذ به:
plan-became-merged = ضم إلى:
plan-became-commitment = صار التزاما:
plan-became-not-held = ضم إلى مقترح غير متوفر بعد في هذه العقدة:
plan-became-circle = ضم إلى مقترح ضم إليه بدوره
plan-origin-both = (بقول المقترح والالتزام معا)
plan-origin-proposal = (بقول المقترح)
plan-origin-commitment = (بقول الالتزام)
heading-origins = المقترحات التي انبثق عنها
gantt-title = الجدول الزمني للالتزامات
gantt-about = الجدول الموالي يحمل نفس المعطيات.
state-count = { $number } { $state }
figure-from-to = من { $before } إلى { $value }
table-steps = المراحل: حالتها ودليل إثباتها
table-outputs = ما سيلاحظ عند الإنجاز
table-proposals =
    { $count ->
        [one] مقترح واحد
        [two] مقترحان
        [few] { $shown } مقترحات
        *[other] { $shown } مقترحا
    }
table-adopters =
    { $count ->
        [one] جهة واحدة
        [two] جهتان
        [few] { $shown } جهات
        *[other] { $shown } جهة
    }
column-due = الأجل
column-days = المدة
column-state-since = منذ
column-report = التصريح الموقع
column-names = كما وردت في التصريح
column-author = الموقع
column-derived = المنجز حسب الأدلة
column-last-report = آخر تصريح
column-with-evidence = منجز بدليل إثبات
column-proposal = المقترح
column-collected = صاحبه ومناسبته
column-became = مآله
column-adopter = الجهة
column-taken-up = متى
column-adaptation = بأي تغييرات
column-own-results = نتائجها الخاصة
fact-implementers = من تحتسب تصريحاتهم
fact-as-of = إلى غاية
fact-verdicts = التقييم
fact-evaluated-by = المقيم
fact-evaluated-what = موضوع التقييم
fact-evaluated-version = النسخة التي جرى تقييمها
fact-completion = درجة الإنجاز
fact-early-results = النتائج الأولية
fact-ambition = الأثر المحتمل
fact-verifiable = قابل للتحقق
fact-relevant = ذو صلة بالانفتاح
heading-evaluated-lessons = الدروس المستخلصة
heading-recommendations = التوصيات
heading-cosigned = التوقيعات المشتركة
evaluated-self = تقييم ذاتي: من منفذ لما يقيمه
evaluated-other = تقييم من جهة أخرى غير المنفذ
evaluated-untitled = تقييم
evaluated-whole = السجل بأكمله
evaluated-newer = (توجد نسخة أحدث)
evaluated-current = (النسخة الحالية)
evaluated-earlier = (وقعت نسخة سابقة)
evaluated-awaited = لم توقع بعد
spread-since = أول إعلان: { $date }
spread-version = النسخة { $number }
spread-behind = (صدرت نسخة أحدث)
spread-newer = صدرت يوم { $date } نسخة من هذه الممارسة أحدث من التي اعتمدت:
section-newer = ممارسات معتمدة صدرت منها نسخ أحدث
spread-own-adoption = انظر الاعتماد
spread-newer-table = نسخ وقعت بعد التي اعتمدت
column-practice = الممارسة
column-adoption = الاعتماد
similar-title = ممارسات جماعات ترابية مماثلة
similar-all = اعرضها كلها
similar-first = الأقرب شبها أولا
similar-why = وجه الشبه: { $why }
similar-population = نفس فئة عدد السكان
similar-region = نفس الجهة
similar-themes = مواضيع مشتركة ({ $themes })
filter-similar-to = جماعات ترابية مماثلة
similar-rule = تعرض ممارسات الجماعات الترابية من نفس المستوى، والأقرب شبها أولا: نقطتان لنفس فئة عدد السكان، ونقطتان لنفس الجهة، ونقطة لكل موضوع مشترك في حدود ثلاث. وعند التساوي الأحدث أولا.

column-when = متى
column-step = المرحلة
column-output = ما سيرى
column-indicator = المؤشر
column-baseline = القيمة المرجعية
column-value = القيمة
column-date = التاريخ
column-evidence = دليل الإثبات
column-occasion = المناسبة
column-people = المشاركون
column-women = منهم نساء
column-youth = منهم شباب
column-organisations = الهيئات
column-commitment = الالتزام
column-status = الحالة حسب صاحبه
column-stage = المرحلة
column-held = ما نظم
table-milestones = مراحل الإنجاز
table-results = لكل رقم مصدره
table-participation = المشاركة بالأرقام
table-stages = المراحل وتواريخها
declared = نسبة مصرح بها: { $percent } %. لم تحتسب هنا من أدلة.
declared-as-of = نسبة مصرح بها: { $percent } % إلى غاية { $date }. لم تحتسب هنا من أدلة.
source-read = (اطلع عليه في { $date })
unsaid-title = لا يقول هذا السجل بعد:
unsaid-done = ما أنجز بالتفصيل
unsaid-cost = ما كلفه
unsaid-failed = ما لم ينجح وما استخلص منه
unsaid-results = النتائج بالأرقام مع أدلتها
unsaid-commitments = الالتزامات
unsaid-stages = مراحل إعداده وتواريخها
unsaid-ask = اسألوا صاحب السجل
link-adopted-from = أخذت عن
link-answers = جوابا عن
link-part-of = جزء من
link-not-held = (لم يصل إلى هذه العقدة بعد)
referring-adopted-from = أخذ عن هذه الممارسة
referring-answers = جواب عن هذا السجل
referring-part-of = جزء من هذا البرنامج
referring-to = يرد على هذا السجل
referring-about = يقيم هذا البرنامج
referring-plan = يتعلق بهذا البرنامج
referring-practice = يعتمد هذه الممارسة
referring-endorses = يوقع على هذه النسخة توقيعا مشتركا
referring-became = تحول إلى هذا
referring-judged = يستند إلى هذا
referring-answered-by = يعين هذا جوابا
referring-practices = يعين هذه الممارسة جوابا
referring-merged-into = أدمج في هذا
referring-proposals = أخذ بهذا المقترح
referring-all = عرض كل السجلات التي تحيل عليه ({ $number })
banner-older = هذه نسخة سابقة من السجل.
banner-newer = اطلعوا على النسخة الحالية
banner-withdrawn = سحبه صاحبه في { $date }، وعلل ذلك بما يلي:
banner-withdrawn-by-order = سحب بقرار من الجهات الضامنة في { $date }، وعلل بما يلي:
banner-disowned = تبرأ منه صاحبه حين غير مفتاحه في { $date }: لا يعتد به.
banner-unreadable = لا يمكن قراءة محتواه كسجل من نوعه. تفاصيل تقنية:
banner-continued = يواصل صاحب آخر عمل صاحب هذا السجل:
banner-continued-by = اطلعوا على صفحته
table-commitments =
    { $count ->
        [zero] لا التزام
        [one] التزام واحد
        [two] التزامان
        [few] { $shown } التزامات
        [many] { $shown } التزاما
        *[other] { $shown } التزام
    }

## أنواع السجلات غير الممارسات والبرامج
untitled-reply = رد على: { $subject }
untitled-reply-part = رد على: { $part } ({ $subject })
untitled-progress = تقدم إنجاز: { $part } ({ $subject })
untitled-evaluation = تقييم: { $subject }
untitled-evaluation-part = تقييم: { $part } ({ $subject })
untitled-adoption = اعتماد ممارسة: { $subject }
untitled-endorse = توقيع مشترك على: { $subject }
untitled-not-here = سجل لم يصل بعد إلى هنا
untitled-subject = { $kind } من { $author }
section-sought = الخبرة المطلوبة
section-answered = الأجوبة التي يعينها صاحب التحدي
section-attempts = ما جرب من قبل
section-reply-to = ما يرد عليه
section-practices = ممارسات تجيب
section-became = مآل المقترح
section-collected = أين جمع المقترح
section-progress-of = موضوع السجل
section-states = حالة مراحل الإنجاز
section-participation = المشاركة
section-difficulties = الصعوبات
section-next = ما يلي
section-judged = موضوع التقييم
section-verdict = الحكم
section-method = منهجية التقييم
section-lessons = الدروس المستخلصة
section-recommendations = التوصيات
section-adopted = الممارسة المعتمدة
section-held = المكان والبرنامج
section-outputs = المخرجات
section-endorsed = موضوع التوقيع المشترك
heading-judged = السجلات التي يستند إليها الحكم
heading-why = السبب
heading-agenda = جدول الأعمال
fact-addressees = موجه إلى
fact-to = يرد على
fact-part = الجزء
fact-plan = البرنامج
fact-commitment = الالتزام
fact-stage = المرحلة
fact-occasion = المناسبة
fact-date = التاريخ
fact-decision = القرار
fact-merged = أدمج في
fact-practice = الممارسة
fact-adoption-state = مرحلة الاعتماد
fact-place = المكان
fact-venue = القاعة أو العنوان
fact-online = عن بعد
fact-endorses = النسخة
fact-capacity = بصفة
fact-reference = الدورة أو المقرر
column-note = ما تم القيام به
column-ogp-value = القيمة
column-early-result = ما الذي تغير
table-states = كل مرحلة إنجاز وما يثبت حالتها
table-opened = ما الذي تغير في كل قيمة من قيم الحكومة المنفتحة
evidence-none = دون إثبات
whole-commitment = الالتزام بأكمله
recommended-to = ← موجهة إلى
self-assessment = تقييم ذاتي: صدر هذا التقييم عن جهة تنفذ البرنامج الذي تقيمه.
goal = { $number }. { $name }
evidence-figures =
    { $count ->
        [one] رقم واحد
        [two] رقمان
        [few] { $shown } أرقام
        *[other] { $shown } رقما
    }
evidence-files =
    { $count ->
        [one] ملف واحد
        [two] ملفان
        [few] { $shown } ملفات
        *[other] { $shown } ملفا
    }

## ملفات السجلات
section-files = الملفات المرفقة
file-evidence-for = دليل على:
file-not-described = لم يصف صاحب السجل ما يظهره هذا الملف.
file-elsewhere = لا يوجد هذا الملف على هذه العقدة بعد. يجلب من عقدة تحفظه عندما يطلبه أحد.
file-ask = اطلبوا الملف
file-nowhere = لا يوجد على هذه العقدة.
file-again = أعيدوا الطلب
file-back = العودة إلى السجل
error-file-on-its-way = الملف في الطريق
    .why = تجلبه هذه العقدة من عقدة أخرى. أعيدوا الطلب بعد قليل؛ ما وصل منه لا يجلب مرة ثانية.
error-file-nobody = لم تسلم أي عقدة هذا الملف
    .why = سئلت عقدة صاحب السجل أولا ثم العقد الأخرى المتصلة الآن، ولم تسلمه أي منها. قد تكون العقدة التي تحفظه متوقفة: أعيدوا الطلب لاحقا.
error-file-offline = هذه العقدة غير متصلة بشبكتها
    .why = الملف غير محفوظ هنا، ولا يمكن طلبه من العقد الأخرى ما دامت هذه العقدة غير متصلة بها.
error-file-no-room = لا متسع لهذا الملف هنا
    .why = قرص هذه العقدة ممتلئ. أخبروا من يسهر عليها، أو اطلبوا الملف من عقدة أخرى.
error-file-unfit = ما وصل لا يمكن الاحتفاظ به
    .why = ليس الملف من النوع الذي يذكره السجل، أو تعذرت كتابته هنا. لا يعرض ما لا يطابق السجل.
size-kilobytes = { $size } كيلوبايت
size-megabytes = { $size } ميغابايت
file-type-application-pdf = PDF
file-type-application-msword = وثيقة Word
file-type-application-vnd-ms-excel = جدول Excel
file-type-application-vnd-ms-powerpoint = عرض PowerPoint
file-type-application-vnd-oasis-opendocument-presentation = عرض OpenDocument
file-type-application-vnd-oasis-opendocument-spreadsheet = جدول OpenDocument
file-type-application-vnd-oasis-opendocument-text = وثيقة OpenDocument
file-type-application-vnd-openxmlformats-officedocument-presentationml-presentation = عرض PowerPoint
file-type-application-vnd-openxmlformats-officedocument-spreadsheetml-sheet = جدول Excel
file-type-application-vnd-openxmlformats-officedocument-wordprocessingml-document = وثيقة Word
file-type-application-json = بيانات JSON
file-type-audio-mpeg = تسجيل صوتي MP3
file-type-image-gif = صورة GIF
file-type-image-jpeg = صورة JPEG
file-type-image-png = صورة PNG
file-type-image-webp = صورة WebP
file-type-text-csv = جدول CSV
file-type-text-plain = نص
file-type-video-mp4 = تسجيل مرئي MP4

## الحوار
nav-dialogue = الحوار
thread-title = الحوار
thread-answers = ممارسات تجيب
thread-feed = تتبع هذا الحوار (Atom)
thread-older = ردود أقدم
thread-newest = أحدث الردود
thread-more = الردود على هذا الرد
thread-count =
    { $count ->
        [0] لا ردود بعد
        [one] رد واحد
        [two] ردان
        [few] { $shown } ردود
        *[other] { $shown } ردا
    }
dialogue-title = التحديات والحوار
dialogue-lead = صعوبات تتقاسمها الجماعات الترابية، وما تطرحه من أسئلة على بعضها وما تجيب به. من لديه جواب يوقعه باسمه.
dialogue-challenges = تحديات مفتوحة
dialogue-challenges-lead = لم يعين أصحابها جوابا بعد.
dialogue-challenges-none = لا يوجد تحد مفتوح.
dialogue-questions = آخر الأسئلة الموجهة إلى جماعة ترابية
dialogue-questions-lead = ما هو موجه إلى جهة مسماة.
dialogue-questions-none = لا سؤال موجها إلى جهة مسماة بعد.
dialogue-replies = آخر الردود
dialogue-replies-lead = آخر ما قيل عن أي سجل.
dialogue-replies-none = لم يرد أحد بعد.
dialogue-all = كلها في الخزانة
dialogue-feed = تتبع التحديات والردود (Atom)
member-asked = أسئلة موجهة إليها تنتظر جوابا
member-asked-all = كل ما هو موجه إليها
member-mentioned = سجلات تذكرها
member-mentioned-all = كل السجلات التي تذكرها

## الحجب المحلي
hidden-title = سجل محجوب في هذه العقدة
hidden-since = يحجب القائم على هذه العقدة هذا السجل فيها منذ { $date }، للسبب التالي:
hidden-why = الحجب في هذه العقدة وحدها. ما وقعه صاحب السجل متاح لمن يريد التحقق منه، وتقرر العقد الأخرى لنفسها.
hidden-check = المصدر والإثبات

## المصدر والإثبات
provenance-title = المصدر والإثبات
provenance-author = وقعته
provenance-place = المكان
provenance-admitted = قبلت عضويتها
provenance-time = التاريخ المصرح به
provenance-version = النسخة
provenance-differences = الفروق
provenance-more = البصمات والمفتاح
provenance-id = معرف السجل
provenance-key = مفتاح التوقيع
provenance-hash = بصمة المحتوى (SHA-256)
provenance-seq = رقم القيد في دفتر صاحبه

# منذ متى يوجد السجل بشهادة غير صاحبه (A3).
dates-title = كان موجودا قبل
dates-existed = { $date }، بشهادة { $witnesses } من أصل { $members } من الأعضاء
dates-existed-regions = { $date }، بشهادة { $witnesses } من أصل { $members } من الأعضاء، منهم { $regions } من جهات أخرى
dates-none = لا شهادة بعد: يؤكد الأعضاء مرة كل أسبوع ما يتوفر لديهم.
dates-listed = ورد في كشف { $by } بتاريخ { $date }
dates-not-before = لم يوقع قبل
dates-not-before-why = كان صاحبه قد أكد كشفا بهذا التاريخ قبل التوقيع.
key-since = المفتاح رقم { $number } لصاحبه، منذ { $date }
place-confirmed = أكدته { $by } من الجهات الضامنة
place-claimed = حسب تصريح صاحبه، ولم تؤكده الجهات الضامنة
verify-title = تحققوا بأنفسكم
verify-how = نزلوا حزمة الإثبات، ثم دققوها على أي جهاز دون اتصال بالشبكة:
verify-bundle = حزمة الإثبات

## سجل التعديلات
history-title = سجل التعديلات
history-lead = كل نسخة موقعة، ولا تمحو نسخة سابقتها.
history-table = النسخ، الأحدث أولا
history-changes = ما تغير من النسخة { $before } إلى النسخة { $after }
history-one = نسخة واحدة
history-one-why = لم يعدل صاحب السجل سجله منذ نشره.
history-same = لا فرق بين محتوى النسختين.
column-version = النسخة
column-signed = التاريخ المصرح به
column-standing = الوضعية
column-changed = ما تغير
column-compare = المقارنة
version-current = النسخة الحالية
version-earlier = نسخة سابقة
version-compare = قارن بسابقتها
change-old = حذف:
change-new = أضيف:
field-title = العنوان
field-summary = الملخص
field-names = الاسم
field-place = المكان
field-principles = المبادئ
field-outcomes = النتائج المتوخاة
field-ogp-values = قيم الحكومة المنفتحة
field-themes = المجالات
field-sdgs = أهداف التنمية المستدامة
field-period = الفترة
field-status = الحالة
field-context = السياق
field-actions = ما أنجز
field-beneficiaries = المستفيدون
field-resources = الموارد
field-budget = الميزانية
field-currency = العملة
field-funding = التمويل
field-staff = الموارد البشرية
field-note = ملاحظة
field-partners = الشركاء
field-parties = الأطراف الموقعة
field-milestones = مراحل الإنجاز
field-results = النتائج
field-indicator = المؤشر
field-baseline = القيمة المرجعية
field-value = القيمة
field-unit = الوحدة
field-participation = المشاركة
field-difficulties = الصعوبات
field-lessons = الدروس المستخلصة
field-conditions = شروط النجاح
field-transferability = قابلية النقل
field-contacts = للاتصال
field-attachments = المرفقات
field-licence = الرخصة
field-external-ids = معرفات في سجلات أخرى
field-sources = المصادر
field-address = العنوان الإلكتروني
field-translation = الترجمة
field-collected = طريقة الجمع
field-stages = المراحل
field-axes = المحاور
field-commitments = الالتزامات
field-declared = نسب مصرح بها
field-programme = الإطار
field-cycle = الدورة
field-start = البداية
field-end = النهاية
field-date = التاريخ
field-id = المعرف
field-name = الاسم
field-role = الدور
field-answers = جوابا عن
field-adopted-from = أخذت عن
field-part-of = جزء من

## حين لا توجد صفحة
error-not-found = لا توجد هذه الصفحة هنا
    .why = إما أن العنوان خاطئ، أو أن السجل لم يصل بعد إلى هذه العقدة.
    .next = تحققوا من العنوان، أو ابحثوا في الخزانة، أو أعيدوا المحاولة بعد قليل.
error-bad-request = عنوان هذه الصفحة غير مفهوم
    .why = في العنوان معطى غير معروف أو قيمة غير مقبولة.
    .next = ارجعوا إلى الخزانة واختاروا من جديد.
error-too-large = ما أرسلتموه أكبر من اللازم
    .why = حجم الملف 20 ميغابايت على الأكثر. لم يحفظ شيء مما أرسل.
    .next = عودوا بزر الرجوع في المتصفح إلى الاستمارة، واختاروا ملفا أصغر، أو وزعوه على ملفات.
error-ambiguous = عدة معرفات تبدأ بهذه الأرقام
    .why = المعرف المختصر في العنوان يدل على أكثر من سجل.
    .next = اكتبوا أرقاما أكثر من المعرف.
error-forbidden = هذه العملية غير مسموح بها
    .why = لا يسمح بها دوركم في المكتب، أو جاء الطلب من موقع آخر.
    .next = سجلوا الدخول بحساب له الدور المطلوب، أو اطلبوا ذلك من المشرف على المكتب.
error-too-often = طلبات كثيرة في وقت قصير
    .why = تخدم هذه العقدة قراء كثيرين، ولكل منهم حصة.
    .next = انتظروا دقيقة ثم أعيدوا المحاولة.
error-busy = العقدة غير متاحة الآن
    .why = إما أنها مشغولة جدا، أو أنها تتوقف أو تشتغل من جديد.
    .next = أعيدوا المحاولة بعد دقيقة؛ ونفس السجلات توجد عند باقي الأعضاء.
error-fault = خلل في هذه العقدة
    .why = لم تتمكن العقدة من إعداد الصفحة؛ والسبب مكتوب في سجلها التقني.
    .next = أعيدوا المحاولة، وأخبروا من يدير العقدة إذا تكرر ذلك.
error-status = رمز الخطأ: { $status }

## Drafts and their forms
form-kind-practice = تجربة نجحت في جماعتكم، تحكونها ليستفيد منها الآخرون.
form-kind-challenge = صعوبة تواجهكم، تطلبون فيها تجربة باقي الجماعات.
form-kind-reply = جواب أو سؤال أو ملاحظة حول منشور لجماعة أخرى أو لكم.
form-kind-adoption = تصرحون بأنكم تأخذون بممارسة جماعة أخرى، وإلى أين وصلتم.
form-kind-plan = برنامج عمل الانفتاح: مراحله ومحاوره والتزاماته.
form-kind-proposal = فكرة جمعت في لقاء أو ورشة، وما آلت إليه.
form-kind-progress = أين وصل إنجاز التزام من البرنامج، مع ما يثبته.
form-kind-evaluation = حكم على برنامج أو التزام بعد فحصه.
form-kind-event = لقاء أو ورشة: متى وأين، ومن شارك، وبماذا خرج.
form-kind-endorse = توقعون مع جماعة أخرى على نص نشرته.
form-kind-profile = من أنتم: الاسم والمستوى وطرق الاتصال.
form-section-essential = الأساسي
form-section-done = ما أنجز
form-section-results = النتائج
form-section-cost = الموارد
form-section-learnt = الدروس المستخلصة
form-section-people = المعنيون والاتصال
form-section-aims = المجالات والأهداف
form-section-links = الصلات بمنشورات أخرى
form-section-basis = المصادر والملفات
form-section-situation = الوضعية
form-section-stages = مراحل المسلسل
form-section-axes = المحاور
form-section-commitments = الالتزامات
form-section-follow-up = التواريخ والنسب المصرح بها
form-section-collected-at = ظروف جمع الفكرة
form-section-became = مآل الفكرة
form-section-milestones = حالة مراحل الإنجاز
form-section-more = معطيات إضافية
form-section-verdict = عناصر الحكم
form-section-method = المنهجية
form-section-held = سير اللقاء
form-section-outputs = المخرجات
form-section-decision = القرار
form-section-frameworks = الأطر المنخرط فيها
form-required = إلزامي
form-wanted = مستحسن
form-choose = اختاروا
form-none-chosen = لم يختر شيء بعد
form-yes = نعم
form-item = { $one } { $number }
form-add = إضافة: { $one }
form-remove = حذف
form-earlier = تقديم
form-later = تأخير
form-not-held = منشور لم يصل بعد إلى هذه العقدة ({ $id })
form-place-how = الرمز الرسمي أو الاسم؛ يبحث عنه عند الحفظ.
form-place-unknown = لا يعرف مكان بهذا الاسم. جربوا كتابة أخرى أو الرمز الرسمي.
form-record-newest = أحدث ما نشر:
form-record-found = نتائج البحث:
form-record-unknown = لا يوجد منشور بهذه الكلمات. جربوا كلمات أخرى أو الصقوا عنوان صفحته.
form-record-look = البحث عن: { $label }
form-record-words = كلمات من العنوان، أو عنوان الصفحة
form-record-find = بحث
form-problem-other = { $text }
form-problem-unknown-field = هذا الحقل غير معروف.
form-problem-missing = هذا الحقل إلزامي.
form-problem-empty = لم يكتب هنا شيء: املؤوه أو احذفوه.
form-problem-wrong-type = اكتبوا عددا صحيحا بالأرقام.
form-problem-bad-date = اكتبوا التاريخ هكذا: 2026 أو 2026-11 أو 30/11/2026.
form-problem-end-before-start = تاريخ النهاية يسبق تاريخ البداية.
form-problem-bad-place = لا يعرف هذا المكان: اختاروا من المقترحات أو اكتبوا الرمز الرسمي.
form-problem-other-level = هذا رمز جماعة من مستوى آخر.
form-problem-no-principle = اختاروا مبدأ واحدا على الأقل.
form-problem-unknown-code = هذا الرمز غير موجود في القائمة.
form-problem-bad-language = رمز اللغة غير صحيح.
form-problem-bad-number = اكتبوا عددا، مثل 44 أو 2,5.
form-problem-out-of-range = العدد أصغر أو أكبر من المقبول.
form-problem-bad-id = لم يختر المنشور: ابحثوا عنه واختاروه.
form-problem-bad-address = عنوان الصفحة يبدأ بـ http:// أو https://.
form-problem-repeated = هذا الاسم الداخلي مستعمل مرتين.
form-problem-unknown-axis = هذا المحور غير موجود في البرنامج.
form-problem-encoding = النص أطول مما يسعه منشور واحد: قسموه.
form-problem-not-held = لا يوجد هنا منشور بهذا المعرف.
form-problem-ambiguous-id = يطابق المعرف أكثر من منشور: اكتبوه كاملا.
form-problem-other-kind = هذا المنشور من نوع آخر.
form-problem-no-commitment = لا يوجد هذا الالتزام في البرنامج.
form-problem-no-milestone = لا توجد هذه المرحلة في الالتزام.
form-problem-not-own = هذا المنشور لجماعة أخرى.
form-problem-other-place = هذا المنشور في موضع آخر من السجل.
form-problem-too-large = الملف أكبر من الحد المسموح به.
form-problem-too-many-files = في هذه المسودة ملفات كثيرة: احذفوا بعضها أو وزعوها على سجلات.
form-problem-file-empty = الملف فارغ.
form-problem-file-type = هذا النوع من الملفات لا يؤخذ. احفظوه بصيغة PDF أو صورة PNG وأعيدوا المحاولة.
form-problem-file-other-type = محتوى الملف ليس من النوع الذي يدل عليه اسمه. افتحوه واحفظوه من جديد بالصيغة الصحيحة.
form-problem-store-read-only = قرص هذه العقدة ممتلئ. أخبروا من يسهر عليها.
form-problem-files-waiting = ملفات المسودات تشغل كل الحيز المخصص لها. انشروا بعض المسودات أو احذفوها.
form-problem-folder-unwritable = تعذرت كتابة الملف على هذه العقدة. أخبروا من يسهر عليها.
form-warning-file-alt = ملف بلا وصف لمن لا يراه.
form-warning-file-missing = ملف يذكره هذا السجل غير موجود على هذه العقدة.
form-warning-self-assessment = تقيمون برنامجا تنفذونه: سيظهر كتقييم ذاتي.
form-warning-unresolved = المنشور المشار إليه لم يصل بعد: سيظهر كذلك إلى أن يصل.
form-warning-withdrawn = المنشور المشار إليه مسحوب.
form-warning-not-counting = المنشور المشار إليه لم يعد محتسبا.
form-warning-older-version = توجد نسخة أحدث من المنشور المشار إليه.
form-warning-not-implementer = لستم من منفذي هذا البرنامج: لن يحتسب تقريركم في نسبته.
form-warning-own-record = المنشور المشار إليه لكم.
form-title = العنوان
    .help = جملة قصيرة تفهم وحدها.
form-summary = الملخص
    .help = جملتان أو ثلاث: ماذا ولمن، دون حاجة إلى قراءة الباقي.
form-principles = مبادئ الانفتاح
    .help = واحد على الأقل.
form-context = السياق والمشكل
    .help = كيف كان الوضع من قبل؟
form-actions = ما قمتم به
    .help = الخطوات بالترتيب، بكلمات بسيطة.
form-beneficiaries = المستفيدون
form-period = المدة
form-start = البداية
    .help = سنة أو شهر أو يوم: 2026 أو 2026-11 أو 30/11/2026.
form-end = النهاية
form-ongoing = مستمرة دون تاريخ نهاية
form-status = الحالة
form-place = المكان
    .help = إن كان غير جماعتكم.
form-milestones = مراحل الإنجاز
    .one = مرحلة
form-milestones-title = ما هي
form-milestones-date = اليوم
form-output = ما سيكون موجودا في الأخير
form-results = النتائج
    .one = نتيجة
    .help = رقم قبل ورقم بعد، ومن أين جاء.
form-indicator = ما يقاس
form-baseline = الرقم قبل
form-value = الرقم المحقق
form-unit = الوحدة
    .help = مثل: % أو درهم أو شخص.
form-date = التاريخ
form-source = صفحة يمكن التحقق فيها
form-note = ملاحظة
form-participation = المشاركة بالأرقام
    .one = رقم مشاركة
form-occasion = المناسبة
form-people = عدد الأشخاص
form-women = منهم نساء
form-youth = منهم شباب
form-organisations = جمعيات وهيئات
form-resources = ما تطلبه العمل
form-budget = الميزانية
    .help = بالوحدة الكاملة للعملة.
form-currency = العملة
    .help = فارغة: الدرهم.
form-funding = مصدر التمويل
form-staff = عدد الموظفين
form-difficulties = الصعوبات
form-lessons = ما تعلمتم، وما لم ينجح
    .help = ما لم ينجح أنفع للآخرين مما نجح.
form-conditions = شروط النجاح
form-transferability = ما يمكن لجماعة أخرى أن تأخذه
form-contacts = جهات الاتصال
    .one = جهة اتصال
    .help = وظيفة لا شخص: تبقى صالحة حين يتغير الموظف.
form-function = الوظيفة
form-email = البريد الإلكتروني
form-phone = الهاتف
form-page = صفحة
form-partners = الشركاء
    .one = شريك
form-name = الاسم
form-role = الدور
form-partners-place = المكان، إن كان جماعة ترابية
form-lead = المسؤول عن التنفيذ
form-lead-place = المكان، إن كان جماعة ترابية
form-parties = جماعات ينتظر توقيعها المشترك
    .one = جماعة
form-parties-place = الجماعة
form-author = معرفها
    .help = يكفي المكان في الغالب.
form-addressees = المطلوب جوابهم
    .one = جماعة
    .help = فارغة: السؤال موجه للجميع.
form-addressees-place = الجماعة
form-themes = مجالات السياسات العمومية
form-outcomes = الأثر المنشود
form-ogp-values = قيم الحكومة المنفتحة
form-sdgs = أهداف التنمية المستدامة
form-answers = تحديات تجيب عنها
form-adopted-from = ممارسات أخذت عنها
form-part-of = البرنامج الذي تدخل فيه
form-more = حقول أخرى، لمن شاء
form-attachments = الملفات
    .one = ملف
form-attachments-name = اسم الملف
form-file-choose = إضافة ملف
form-file-limits = وثيقة PDF أو مكتبية أو صورة أو نص أو جدول CSV، { $size } على الأكثر.
form-file-attach = أرفقوا الملف واحفظوا
form-file-open = فتح الملف
form-file-too-large = هذا الملف أكبر من { $size } ولا يمكن إرفاقه.
form-alt = وصف الملف لمن لا يراه
form-sources = صفحات عمومية يستند إليها
    .one = صفحة
form-address = العنوان الإلكتروني
form-sources-title = عنوان الصفحة
form-read = تاريخ الاطلاع
form-external-ids = أسماؤه في سجلات أخرى
    .one = مرجع
form-scheme = السجل
    .help = مثل: ogp أو remacto.
form-external-ids-id = الرقم أو الاسم فيه
form-licence = الرخصة
    .help = مثل: CC-BY-4.0.
form-translation = لغة التحرير والترجمة
form-original = لغة التحرير
form-translated = مترجم إلى
form-translation-note = من ترجم
form-sought = ما تطلبونه من الآخرين
form-attempts = ما جربتموه، وما نتج عنه
form-answered-by = أجوبة أفادتكم
form-challenge-context = متى وأين تظهر الصعوبة
form-challenge-beneficiaries = من تمسه
form-programme = الإطار
form-cycle = الدورة
    .help = 1 للبرنامج الأول، 2 للثاني.
form-stages = المراحل
    .one = مرحلة
form-stage = مرحلة المسلسل
form-stages-title = ما نظم
form-reference = مرجع المحضر أو المقرر
form-axes = المحاور
    .one = محور
form-axes-title = اسم المحور
form-commitments = الالتزامات
    .one = التزام
form-commitments-title = نص الالتزام
form-axis = المحور
form-problem = المشكل العمومي
form-status-quo = الوضع الحالي
form-action = ما سينجز
form-contribution = كيف يساهم في الحل
form-goal = الهدف البعيد
form-proposals = الأفكار التي انبثق منها
form-declared = نسب صرحت بها جهات أخرى
    .one = نسبة
form-percent = النسبة المئوية
form-as-of = إلى غاية
    .help = تاريخ الوضعية التي تصفونها.
form-plan = البرنامج
form-date-collected = تاريخ الجمع
form-became = مآلها
form-state = القرار
form-merged-into = أدمجت في
form-became-reason = السبب
form-became-plan = برنامج الالتزام
form-commitment = الالتزام
form-milestone = المرحلة
form-progress-milestones = حالة كل مرحلة
    .one = مرحلة
    .help = لكل مرحلة ما يثبتها: رقم أو ملف أو صفحة.
form-milestones-status = أين وصلت
form-milestones-note = ما أنجز، أو سبب التخلي
form-milestones-results = أرقام تثبت ذلك
    .one = رقم
form-milestones-sources = صفحات تثبت ذلك
    .one = صفحة
form-progress-summary = ما جرى
form-next = الخطوة المقبلة
form-evaluation-about = البرنامج الذي تقيمونه
form-evaluation-commitment = الالتزام، إن كان واحدا
form-evaluation-summary = الحكم في بضع جمل
form-completion = درجة الإنجاز
form-verifiable = هل يمكن التحقق من الإنجاز؟
form-relevant = هل له صلة بالانفتاح؟
form-ambition = الطموح
form-early-results = هل فتح التدبير للمواطن؟
form-opened = حسب كل قيمة
    .one = قيمة
form-opened-value = القيمة
form-result = ما تغير
form-judged = ما استند إليه الحكم
form-method = كيف جرى التقييم
form-recommendations = التوصيات
    .one = توصية
form-recommendations-text = نص التوصية
form-practice = الممارسة التي تأخذون بها
form-adoption-state = أين وصلتم
form-adaptation = ما غيرتموه، ولماذا
form-adoption-period = مدة الأخذ بها
form-to = ما تجيبون عنه
form-part = الجزء المعني
form-text = النص
form-practices = ممارسات تجيب
form-event-period = متى
form-venue = القاعة أو العنوان
form-online = رابط المتابعة عن بعد
form-agenda = جدول الأعمال
form-outputs = ما خرج به اللقاء
form-endorses = النص الذي توقعونه
form-capacity = بصفتكم
form-endorse-note = تحفظات أو شروط
form-names = الاسم
form-level = المستوى
form-code = الرمز الرسمي
form-parent = الجماعة التي فوقها
form-profile-summary = تعريف قصير
form-site = الموقع الإلكتروني
form-frameworks = الأطر
    .one = إطار
form-framework = الإطار
form-since = منذ
form-reason = السبب
form-withdraw-reason = السبب
    .help = يبقى منشورا في مكان ما سحبتم.
form-basis = الأساس القانوني
form-all-versions = سحب كل النسخ
draft-first = نشر ممارسة جيدة
draft-other = نوع آخر
draft-list = المسودات
draft-none = لا توجد مسودات بعد.
draft-new = كتابة جديدة
draft-new-lead = ماذا تريدون أن تنشروا؟ لا ينشر شيء قبل أن تراجعوه وتوقعوه.
draft-choose-share = تقاسم التجارب والحوار
draft-choose-plan = برنامج عمل الانفتاح
draft-choose-other = غير ذلك
draft-waiting = في انتظار النشر
draft-writing = قيد الكتابة
draft-published = نشرت مؤخرا
draft-untitled = بدون عنوان
draft-for-you = تنتظر قراركم
draft-meter-short = مكتمل { $text }
draft-changed-by = آخر تغيير: { $name }، { $when }
draft-asked-by = طلب النشر: { $name }، { $when }.
draft-signing-by = التوقيع جار: { $name }، { $when }
draft-published-by = نشر: { $name }، { $when }
draft-returned-by = أعادها { $name }، { $when }:
draft-title = { $kind }: مسودة جديدة
draft-title-revision = { $kind }: نسخة جديدة
draft-title-withdrawal = سحب منشور
draft-replaces = ستحل محل:
draft-takes-back = سيسحب:
draft-saved = حفظت المسودة.
draft-saved-at = حفظت على الساعة { $when }
draft-saving = جار الحفظ…
draft-offline = انقطع الاتصال بالعقدة.
draft-kept = ما كتبتم محفوظ في هذا المتصفح وسيحفظ عند عودة الاتصال.
draft-restored = استرجع ما كتبتموه قبل الانقطاع.
draft-waiting-why = إذا غيرتم شيئا وجب طلب النشر من جديد.
draft-no-faults = لا أخطاء: يمكن المعاينة والنشر.
draft-save = حفظ
draft-check = فحص الأخطاء
draft-preview = معاينة قبل النشر
draft-languages = لغات الكتابة
draft-languages-which = اللغات التي تكتبون بها
draft-languages-set = تطبيق
draft-meter-title = اكتمال المنشور
draft-meter = ملئ { $filled } من { $wanted }
draft-lacking = ينقص لمنشور جيد:
draft-complete = لا ينقص شيء.
draft-translation = الترجمة
draft-discard = حذف المسودة
draft-discard-why = لا يمكن استرجاعها بعد الحذف.
draft-discard-now = حذف نهائي
draft-conflict-title = غير شخص آخر هذه المسودة
draft-conflict-who = غيرها { $name }، { $when }.
draft-conflict-why = لم يكتب نصكم فوق نصه. قارنوا واختاروا.
draft-conflict-table = ما يختلف بين النصين
draft-conflict-field = الحقل
draft-conflict-theirs = نصه، وهو المحفوظ
draft-conflict-own = نصكم، ولم يحفظ
draft-conflict-take-theirs = الاحتفاظ بنصه
draft-conflict-take-own = حفظ نصي مكانه
draft-conflict-note = إذا احتفظتم بنصه فلن يحفظ نصكم: انسخوا منه ما تحتاجونه أولا.
draft-conflict-script = غيرها { $name }، { $when }. اضغطوا «حفظ» لتقارنوا وتختاروا؛ لم يضع شيء.
preview-title = معاينة قبل التوقيع
preview-in = كما سيقرأ: { $language }
preview-data = كل ما سيوقع، كمعطيات
preview-signed = ما ستوقعه العقدة
preview-kind = النوع
preview-time = التاريخ
preview-size = الحجم
preview-final = لا يمكن حذفه بعد التوقيع. يمكن تحيينه أو سحبه، ويبقى ذلك ظاهرا.
preview-withdrawal = سحب منشور
preview-read = بالضغط على هذا الزر تؤكدون أنكم قرأتم ما سيوقع باسم الجماعة.
preview-publish = توقيع ونشر
preview-ask = طلب النشر
preview-ask-why = سيراجعه شخص آخر له صلاحية النشر ثم يوقعه.
preview-wait = ينتظر موافقة شخص آخر.
preview-signing = التوقيع جار. أعيدوا تحميل الصفحة بعد قليل.
preview-edit = العودة إلى الكتابة
preview-return = إعادتها إلى كاتبها
preview-remark = ما الذي يجب تغييره؟
preview-return-now = إعادة
act-title = ماذا تريدون أن تفعلوا؟
act-revise = تحيين
act-withdraw = سحب
act-reply = رد
act-adopt = نأخذ بهذه الممارسة
act-answer = الإجابة بممارسة
act-evaluate = تقييم
act-report = تقرير عن التقدم
act-endorse = توقيع مشترك
act-propose = اقتراح فكرة
draft-faults =
    { $count ->
        [one] خطأ واحد يجب تصحيحه
        [two] خطآن يجب تصحيحهما
        [few] { $shown } أخطاء يجب تصحيحها
        [many] { $shown } خطأ يجب تصحيحه
        *[other] { $shown } خطإ يجب تصحيحه
    }
draft-more-texts =
    { $count ->
        [one] ونص آخر
        [two] ونصان آخران
        [few] و{ $shown } نصوص أخرى
        [many] و{ $shown } نصا آخر
        *[other] و{ $shown } نص آخر
    }
draft-bytes =
    { $count ->
        [one] بايت واحد
        [two] بايتان
        [few] { $shown } بايتات
        [many] { $shown } بايتا
        *[other] { $shown } بايت
    }

## الأعضاء
members-lead = من ينتمي إلى الشبكة، كما يحتسب من القيود الموقعة: لا يخزن أي عدد، بل يعاد احتسابه لكل تاريخ.
members-date = إلى غاية
members-show = اعرض
members-today = العودة إلى اليوم
members-now = اليوم
members-as-of = إلى غاية { $date }
members-regions = حسب الجهة
members-list = لائحة الأعضاء
members-none = لا عضو في هذا التاريخ.
members-none-next = اختاروا تاريخا لاحقا، أو انتظروا وصول قيود الجهات الضامنة.
members-others = آخرون معروفون هنا
members-others-why = ليسوا أعضاء اليوم؛ والسبب في خانة الوضعية.
map-title = عدد الأعضاء في كل جهة من الجهات الاثنتي عشرة
map-about = خريطة مبسطة: لكل جهة خانة من نفس الحجم في موقعها التقريبي؛ والجدول المرافق يحمل نفس الأعداد.
column-number = الرقم
column-region = الجهة
column-regions = جهات
column-provinces = عمالات وأقاليم
column-communes = جماعات
column-all = المجموع
column-member = الاسم
column-level = المستوى
column-place = الرمز الرسمي
column-since = طلب الانخراط
column-admitted = قبلته جهات ضامنة
column-state = الوضعية
column-entries = قيود الدفتر
place-is-confirmed = أكدته الجهات الضامنة
place-is-claimed = غير مؤكد
member-member = عضو
member-admitted = مقبول، ولم يصل طلب انخراطه
member-suspended = عضويته معلقة
member-left = انسحب
member-closed = أغلق دفتره
member-candidate = طلب انخراط
member-outside = خارج الشبكة
member-steward = جهة ضامنة
log-title = دفتر { $name }
log-heading = كل ما تم توقيعه
log-what = الدفتر من الأحدث إلى الأقدم: كل قيد يسمي القيد السابق له ببصمته. وما تخلى عنه تغيير مفتاح، أو ما جاء بعد تفرع، يظهر مع علامته.
log-seq = الرقم
log-claimed = التاريخ المصرح به
log-kind = القيد
log-standing = الحالة
log-id = المعرف
log-counts = معتبر
log-disowned-on = بتغيير مفتاح بتاريخ { $date }
log-dated = ويظهر بجانب كل قيد التاريخ الذي كان موجودا قبله، بشهادة الأعضاء الذين أكدوا كشفا ورد فيه.
log-not-witnessed = لا شهادة بعد
log-lists =
    { $count ->
        [zero] لا يورد رأس أي دفتر
        [one] يورد رأس دفتر واحد
        [two] يورد رأسي دفترين
        [few] يورد رؤوس { $shown } دفاتر
        [many] يورد رؤوس { $shown } دفترا
        *[other] يورد رؤوس { $shown } دفتر
    }
log-confirms = يؤكد كشف { $by } بتاريخ { $date }
log-confirms-not-held = يؤكد كشفا من { $by } غير محفوظ هنا
log-forked = دفتر متفرع
log-contested = دفتر متنازع فيه
log-not-held = دفتره غير محفوظ هنا
published-title = أعداد منشورة
published-why = ما نشر عن عدد أعضاء الشبكة المغربية، وقد جمعت أجزاؤه هنا. لا نصحح المصدر، بل نبين الفرق.
published-total = المجموع المصرح به
published-sum = جهات + عمالات وأقاليم + جماعات
published-verdict = التحقق
published-agrees = مطابق
published-source = المصدر
published-from-saidia = مقال عن ملتقى السعيدية، نونبر 2024
published-from-sinpress = مقدمة مقال sinpress.ma
member-suspended-by = علقت العضوية
member-records = ما نشره
member-no-records = لم ينشر هذا العضو أي سجل بعد.
member-all = كل سجلات هذا العضو
member-standing = الوضعية والإثبات
member-continues = يواصل عمل
member-continued-by = يواصل عمله
member-id = معرف صاحب الدفتر
member-feed = جديد هذا العضو (Atom)
member-log = الدفتر الكامل (JSON)
members-total =
    { $count ->
        [zero] لا عضو
        [one] عضو واحد
        [two] عضوان
        [few] { $shown } أعضاء
        [many] { $shown } عضوا
        *[other] { $shown } عضو
    }
members-unconfirmed =
    { $count ->
        [zero] لا أحد بمستوى غير مؤكد
        [one] واحد بمستوى غير مؤكد
        [two] اثنان بمستوى غير مؤكد
        [few] { $shown } بمستوى غير مؤكد
        [many] { $shown } بمستوى غير مؤكد
        *[other] { $shown } بمستوى غير مؤكد
    }
published-differs =
    { $count ->
        [zero] مطابق
        [one] لا يطابق مجموع أجزائه: الفرق 1
        [two] لا يطابق مجموع أجزائه: الفرق 2
        [few] لا يطابق مجموع أجزائه: الفرق { $shown }
        [many] لا يطابق مجموع أجزائه: الفرق { $shown }
        *[other] لا يطابق مجموع أجزائه: الفرق { $shown }
    }

## الشبكة
network-none = لا تنتمي هذه العقدة إلى أي شبكة بعد
network-lead = لا خادم مركزيا: لكل عضو عقدته، وكل عقدة تحفظ سجلات الجميع. هذا ما تراه هذه العقدة الآن.
network-old = لم تصل أي كلمة من الجهات الضامنة منذ أكثر من ثلاثة أشهر. قد تكون هذه العقدة بعيدة عن الشبكة: تحققوا من اتصالها.
network-nodes = العقد
network-connected = العقد المتصلة الآن: { $nodes }.
network-alone = لا تعرف هذه العقدة أي عقدة أخرى.
network-alone-next = تتعرف العقد على بعضها بالدعوة أو على نفس الشبكة المحلية. اطلبوا دعوة من أحد الأعضاء.
network-table = العقد المعروفة: حالتها وسببها ومسار الاتصال والفرق بينها وبين هذه العقدة
graph-title = هذه العقدة والعقد التي تعرفها
graph-about = هذه العقدة في الوسط، ومن حولها العقد الأخرى؛ والجدول الموالي يحمل نفس المعطيات.
legend-direct = اتصال مباشر
legend-relayed = اتصال عبر عقدة وسيطة
legend-away = غير متصلة
column-node = العقدة
column-why = السبب
column-path = المسار
column-lag = الفرق
column-seen = آخر أثر
column-round-trip = زمن الذهاب والإياب
peer-connected = متصلة
peer-dialling = قيد الاتصال
peer-away = غائبة
peer-banned = محظورة
path-lan = الشبكة المحلية
path-direct = الأنترنت
path-relayed = عبر عقدة وسيطة
why-unreachable = لا مجيب
why-other-peer = تجيب عقدة أخرى في هذا العنوان
why-own-address = العنوان لهذه العقدة نفسها
why-full = لا مكان لاتصال آخر
why-closed = أغلق الاتصال
why-broken = انقطع الاتصال
why-silent = لا أثر لها
why-other-network = تنتمي إلى شبكة أخرى
why-banned = مرفوضة هنا
lag-none = متزامنة
lag-unknown = لم تقارن بعد
network-charter = الميثاق
network-stewards = الجهات الضامنة
network-last-statement = آخر كلمة للجهات الضامنة: { $date }
network-versions = نسخ الميثاق
network-licence = رخصة الاستعمال: { $licence }
network-id = معرف الشبكة
charter-version = الميثاق، النسخة { $number }
charter-older = هذه نسخة سابقة من الميثاق.
charter-current = اطلعوا على النسخة السارية
charter-approved = من وافق عليها ومتى
charter-votes = عدد الجهات الضامنة التي وافقت عليها: { $votes }
charter-times = التواريخ كما صرحت بها كل جهة حين وقعت.
charter-hash = بصمة النص
charter-before = النسخة السابقة
charter-after = النسخة التالية
network-k =
    { $count ->
        [zero] لا أحد يقرر
        [one] يكفي قرار جهة ضامنة واحدة.
        [two] يلزم قرار جهتين ضامنتين معا.
        [few] يلزم قرار { $shown } جهات ضامنة معا.
        [many] يلزم قرار { $shown } جهة ضامنة معا.
        *[other] يلزم قرار { $shown } جهة ضامنة معا.
    }

# كشوف الرؤوس: ما تقوله كشوف الجهات الضامنة عن الشبكة (A4, Y6).
heads-title = كشوف الرؤوس
heads-lead = توقع كل جهة ضامنة مرة في الأسبوع كشفا بآخر قيد في كل دفتر، ويؤكده الأعضاء. ومن أعاد كتابة دفتر بعد ذلك خالف هذه الكشوف.
heads-last = آخر كشف هو كشف { $by } بتاريخ { $date }.
heads-none = لم يوقع أي كشف بعد.
heads-fit = الكشوف متوافقة، وكل ما ورد فيها متوفر هنا أو في الطريق.
heads-two = ورد في كشفين قيدان مختلفان تحت الرقم { $seq } من دفتر { $author }: أحدهما في كشف { $one } والآخر في كشف { $other }. لا يمكن أن يصحا معا، فقد عرض على أحدهما دفتر آخر.
heads-back = ورد دفتر { $author } في كشف { $one } إلى الرقم { $seq }، ثم في كشف لاحق إلى الرقم { $back } فقط. والعقدة لا تنسى ما تسلمته: إما أن بياناتها استبدلت بأقدم منها وإما أنها تخفي ما تعلمه.
heads-two-next = احتفظوا بالكشفين فهما الدليل، واسألوا صاحب الدفتر والجهات الضامنة المذكورة هنا عن سبب ذلك.
heads-not-supplied = ورد دفتر { $author } في كشف { $by } إلى الرقم { $seq }، ولم تقدم أي عقدة هذا القيد منذ ذلك.
heads-not-supplied-next = تواصل هذه العقدة طلبه. اطلبوا من الجهة الضامنة أو من صاحب الدفتر ملف إثبات لهذا الدفتر.
heads-proof = الكشوف الموقعة:

lag-here =
    { $count ->
        [zero] متزامنة
        [one] ينقص هذه العقدة قيد واحد
        [two] ينقص هذه العقدة قيدان
        [few] تنقص هذه العقدة { $shown } قيود
        [many] ينقص هذه العقدة { $shown } قيدا
        *[other] ينقص هذه العقدة { $shown } قيد
    }
lag-there =
    { $count ->
        [zero] متزامنة
        [one] ينقصها قيد واحد
        [two] ينقصها قيدان
        [few] تنقصها { $shown } قيود
        [many] ينقصها { $shown } قيدا
        *[other] ينقصها { $shown } قيد
    }
milliseconds =
    { $count ->
        [zero] أقل من ميلي ثانية
        [one] ميلي ثانية واحدة
        [two] ميلي ثانيتان
        [few] { $shown } ميلي ثوان
        [many] { $shown } ميلي ثانية
        *[other] { $shown } ميلي ثانية
    }

## المساعدة والبيانات المفتوحة
help-read = قراءة سجل
help-read-first = يبدأ كل سجل بما أنجز وما كلفه وما لم ينجح. وما لم يذكره صاحبه يظهر في آخره، لتسألوه عنه.
help-read-state = الحالة المذكورة في السجل هي ما يصرح به صاحبه. والنسب المصرح بها تظهر كتصريح، لا كنسب محتسبة.
help-read-language = يعرض كل نص بلغته إذا لم يوجد بلغة الصفحة، مع ذكر تلك اللغة. والترجمة من عمل صاحب السجل.
help-trust = لماذا يمكن الوثوق بما هو مكتوب هنا
help-trust-signed = وقع كل سجل صاحبه بمفتاحه، وكل توقيع يتحقق منه من جديد كلما عرض السجل. ومن غير حرفا واحدا بطل التوقيع.
help-trust-place = أما أن صاحب المفتاح هو فعلا تلك الجماعة الترابية، فذلك ما تؤكده الجهات الضامنة، ويذكر عددها بجانب كل سجل.
help-trust-copies = تحفظ كل عقدة نسخة من سجلات الجميع، فلا يمكن لأحد أن يمحو ما نشر أو يعيد كتابته خفية.
audit-title = تدقيق ملف
audit-what = تدقق حزمة الإثبات هنا أثناء وصولها ولا يحتفظ بها. وإذا تعلق الأمر بشبكة كاملة، أو كنتم لا تثقون بأي عقدة، فاستعملوا الأمر multaqa verify على جهازكم.
audit-file = حزمة الإثبات
audit-against = حزمة أخرى للمقارنة
audit-against-why = ملفا عضوين للدفاتر نفسها يبينان من عنده أكثر، وهل يتناقضان.
audit-check = تدقيق
audit-no-file = لم يتم اختيار أي ملف. اختاروا حزمة إثبات ثم أعيدوا المحاولة.
audit-too-large = يتجاوز حجم الملفات { $count } ميغابايت، وهو أكثر مما تدققه عقدة في هذه الصفحة. استعملوا الأمر multaqa verify.
audit-cut-off = لم يصل الملف كاملا: انقطع الاتصال. أعيدوا إرساله.
audit-link = أو اطلبوا من عقدة تدقيقها
member-compare = المقارنة بما يتوفر في عقدة أخرى
member-compare-how = خذوا حزمة إثبات هذا العضو من هنا ومن صفحة عقدة أخرى، ثم دققوا الحزمتين معا: يتبين من عنده أكثر، وهل تتناقضان.
help-verify = التحقق دون اتصال
help-verify-how = في صفحة كل سجل زر «حزمة الإثبات». نزلوا الملف وانقلوه إلى أي جهاز عليه الأمر multaqa، ثم نفذوا:
help-verify-verdict = الجواب واحد من ثلاثة: توقيع صحيح، أو مزور أو محرف، أو يتعذر الحسم إذا نقص شيء.
help-publish = نشر سجل
help-publish-how = تنشر نقطة الارتكاز من جهاز الجماعة: تملأ نموذجا، ويعرض البرنامج ما سيوقع، ثم توقعه.
help-publish-revise = لا يمحى ما نشر: تنشر نسخة جديدة، أو يسحب السجل مع ذكر السبب.
help-absent = إذا لم تجدوا سجلا
help-absent-late = قد لا يكون وصل بعد: تظهر صفحة الشبكة ما ينقص هذه العقدة.
help-absent-withdrawn = وقد يكون سحب: يبقى مكانه ظاهرا مع السبب، ويحذف محتواه.
help-terms = معاني المصطلحات
term-verified = وقعه المفتاح الذي يسميه دفتر صاحبه.
term-forged = لم يوقعه ذلك المفتاح: لا تعتمدوا عليه، وأخبروا من يدير العقدة.
term-undecided = ينقص القيد الذي يسمي المفتاح.
term-disputed = كتب صاحبه قيدين متعارضين في المكان نفسه، ولم يحسم بعد أيهما يعتد به.
term-disowned = قال صاحبه، حين غير مفتاحه، إنه لم يكتبه.
term-withdrawn = سحبه صاحبه أو الجهات الضامنة.
term-beyond-cut = كتب بعد تعليق عضوية صاحبه.
data-lead = كل ما يظهر في هذه الصفحات متاح للبرامج أيضا، بنفس القيود الموقعة.
data-licence = رخصة استعمال ما تنشره الشبكة:
data-table = العناوين التي تجيب البرامج
data-more = الأجوبة بصيغة JSON حيث لم يذكر غير ذلك. المعرفات من 64 رقما ستعشريا، والتواريخ بالميلي ثانية منذ 1970.
column-address = العنوان
column-gives = ما يعطيه
route-csv = كل السجلات في جدول يفتحه Excel
route-jsonld = كل السجلات بيانات مترابطة (JSON-LD)
route-atom = جديد السجلات (Atom)
route-catalog = وصف مجموعات البيانات لبوابات البيانات المفتوحة (DCAT)
route-openapi = وصف واجهة البرامج (OpenAPI)
route-records = السجلات، الأحدث أولا، مع مرشحات
route-members = الأعضاء والمجاميع، اليوم أو إلى غاية تاريخ
route-network = الميثاق والجهات الضامنة
route-peers = العقد الأخرى وحالتها
route-status = حالة هذه العقدة
route-bundle = حزمة إثبات بكل ما هو محفوظ هنا
terms-title = مفاهيم البحث بين اللغات
terms-lead = من يبحث بلغة يجد ما كتب بأخرى: لكل مفهوم كلماته بالعربية والفرنسية والإنجليزية، وسؤال بإحداها يجد السجلات التي تستعمل الأخرى.
terms-more = يمكن لأي كان أن يقترح مفهوما أو كلمة: الجدول ملف من ملفات البرنامج (node/data/thesaurus.csv).
terms-table =
    { $count ->
        [zero] لا مفهوم
        [one] مفهوم واحد
        [two] مفهومان
        [few] { $shown } مفاهيم
        [many] { $shown } مفهوما
        *[other] { $shown } مفهوم
    }

## The e-mail digest
digest-subject = ملتقى، { $time }: المستجدات وما ينتظرنا
digest-new = مستجدات الشبكة
digest-by = { $title } — { $author }
digest-overdue = مراحل متأخرة من مخططاتنا
digest-due = { $title } — أجلها { $date }
digest-rest = في المكتب وعلى العقدة
digest-alone = حالة العقدة: { $nodes }
digest-more =
    { $count ->
        [one] وواحد آخر
        [two] واثنان آخران
        [few] و{ $shown } أخرى
        *[other] و{ $shown } آخر
    }
digest-foot = أرسلته عقدة الجماعة. يمكن للمكلف بها تغيير هذا الإرسال أو إيقافه في config.toml، تحت [digest].
