namespace Vsmtp.Rules.Api;

/// <summary>On which handles a function may be called as well: <c>ctx().client_ip()</c>.</summary>
[Flags]
internal enum ApiReceivers
{
    None = 0,
    Context = 1,
    Message = 2,
    Server = 4,
}
