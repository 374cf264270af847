using Vsmtp.Rules.Api;
using Vsmtp.Vsl;

namespace Vsmtp.Rules.Functions;

/// <summary><c>ctx() msg() srv()</c>.</summary>
internal static class HandleFunctions
{
    public static void AddTo(ApiTable api)
    {
        api.Section("Handles", "Things to call functions on: `ctx().client_ip` reads what `client_ip()` gives.");
        Add(api, new ApiDoc("ctx() -> handle", "The transaction; prints as `MailContext`."), new ContextHandle());
        Add(api, new ApiDoc("msg() -> handle", "The message; prints as `Message`."), new MessageHandle());
        Add(api, new ApiDoc("srv() -> handle", "The server; prints as `Server`."), new ServerHandle());
    }

    private static void Add(ApiTable api, ApiDoc doc, Handle handle)
    {
        var value = Value.From(handle);
        api.Global(doc, (_, _) => value);
    }
}
