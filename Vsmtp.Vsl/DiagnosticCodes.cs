namespace Vsmtp.Vsl;

/// <summary>
/// The short code of every finding: what a message is called when its words change. A code is never given to another finding.
/// Each is explained in docs/diagnostics.md.
/// </summary>
public static class DiagnosticCodes
{
    // 01: the text is no vSL.
    public const string UnknownCharacter = "VSL0101";
    public const string ReservedSymbol = "VSL0102";
    public const string WordAsName = "VSL0103";
    public const string MalformedNumber = "VSL0104";
    public const string NotClosed = "VSL0105";
    public const string MalformedEscape = "VSL0106";
    public const string MalformedCharacter = "VSL0107";
    public const string WrongBracket = "VSL0108";
    public const string NestedTooDeeply = "VSL0109";
    public const string Unexpected = "VSL0110";
    public const string UnderscoreAsName = "VSL0111";
    public const string MisplacedOperator = "VSL0112";
    public const string MissingSeparator = "VSL0115";
    public const string MalformedDirective = "VSL0116";
    public const string DuplicateKey = "VSL0117";

    // 02: the text is vSL, and what it says is not possible.
    public const string DuplicateFunction = "VSL0201";
    public const string DuplicateParameter = "VSL0202";
    public const string NestedFunction = "VSL0203";
    public const string ConstantChanged = "VSL0204";
    public const string NotAssignable = "VSL0205";
    public const string OutsideLoop = "VSL0206";
    public const string MisplacedExport = "VSL0207";
    public const string NoEval = "VSL0208";
    public const string WrongCase = "VSL0209";
    public const string UnknownKind = "VSL0210";
    public const string CallerScope = "VSL0211";
    public const string UnknownModule = "VSL0212";
    public const string UnknownExport = "VSL0213";

    // 03: files.
    public const string ScriptNotRead = "VSL0301";
    public const string ModuleNotFound = "VSL0302";
    public const string ImportCircle = "VSL0303";
    public const string DynamicImport = "VSL0304";
    public const string TooManyFiles = "VSL0305";

    // 04: a run-time error in waiting, and so a mail refused. Errors under `vsmtp check --strict`.
    public const string UnknownVariable = "VSL0401";
    public const string UnknownFunction = "VSL0402";
    public const string WrongArgumentCount = "VSL0403";
    public const string UnknownGlobal = "VSL0404";
    public const string UnknownModuleFunction = "VSL0405";
    public const string EndsWithoutStatus = "VSL0406";
    public const string NeverBoolean = "VSL0407";
    public const string BuiltLater = "VSL0408";

    // 05: allowed, and most likely not meant.
    public const string Unreachable = "VSL0501";
    public const string Shadowing = "VSL0502";
    public const string NeverRead = "VSL0503";
    public const string ResultLost = "VSL0504";
    public const string AlwaysFalse = "VSL0505";
    public const string DuplicateCase = "VSL0506";
    public const string NoHeaderName = "VSL0507";
    public const string IgnoredStatus = "VSL0508";

    // 06: the rule set that the script gives.
    public const string NoStageMap = "VSL0601";
    public const string UnknownStage = "VSL0602";
    public const string StageNotArray = "VSL0603";
    public const string NoDirective = "VSL0604";
    public const string DuplicateDirective = "VSL0605";
    public const string BodyWithParameters = "VSL0606";
    public const string DelegateTooEarly = "VSL0607";
    public const string WrongService = "VSL0608";
    public const string NameCannotTravel = "VSL0609";
    public const string WrongHandler = "VSL0610";
    public const string SilentStage = "VSL0611";
    public const string AlmostHandler = "VSL0612";
    public const string DuplicateService = "VSL0613";
    public const string ReceiverNotServed = "VSL0614";
    public const string DelegatesToItself = "VSL0615";
    public const string TopLevelFailed = "VSL0616";
    public const string ServiceOptions = "VSL0617";

    /// <summary>Whether a warning of that code foretells a run-time error.</summary>
    public static bool ForetellsError(string code) => code.StartsWith("VSL04", StringComparison.Ordinal);
}
