namespace Vsmtp.Vsl.Library;

/// <summary>One function of the host.</summary>
/// <param name="Receiver">Type of the first argument for which it stands; null for any.</param>
internal sealed record NativeFunction(
    string Name, int ParameterCount, Type? Receiver, HostFunction? Call, AsyncHostFunction? CallAsync)
{
    public static NativeFunction Sync(string name, int parameterCount, Type? receiver, HostFunction call) =>
        new(name, parameterCount, receiver, call, null);

    public static NativeFunction Async(string name, int parameterCount, Type? receiver, AsyncHostFunction call) =>
        new(name, parameterCount, receiver, null, call);
}
