namespace Vsmtp.Vsl;

public enum DirectiveKind
{
    Rule,
    Action,
    Delegate,
}
